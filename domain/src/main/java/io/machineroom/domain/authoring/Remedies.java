package io.machineroom.domain.authoring;

import io.machineroom.domain.machine.Fault;
import io.machineroom.ports.data.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What to do about what keeps a machine from loading or starting, by what its sentence says. Stateless. */
final class Remedies {
    private static final Map<Pattern, String> KNOWN = known();

    private Remedies() {}

    private static Map<Pattern, String> known() {
        Map<String, String> all = new LinkedHashMap<>();
        documents(all);
        manifests(all);
        Map<Pattern, String> out = new LinkedHashMap<>();
        all.forEach((text, remedy) -> out.put(Pattern.compile(text, Pattern.DOTALL), remedy));
        return out;
    }

    private static void documents(Map<String, String> all) {
        all.put("cannot read .*", "name the folder that holds machine.yaml, a readable file of at most 1 MiB");
        all.put(".*not UTF-8", "save it as UTF-8; it may be UTF-16, another character set, or no text at all");
        all.put(".*(more than|too large|allowed are) .*", "move what is large into files beside the manifest");
        all.put(".*\\\\t\\(TAB\\).*", "indent with spaces");
        all.put(".*is there twice", "keep one of the two");
        all.put(".*(aliases|an alias within).*", "write out what the aliases stand for");
        all.put(".*undefined alias.*", "put the text into quotes if it is meant to begin with *");
        all.put(".*nested deeper.*", "a manifest needs four levels; look for brackets that are not closed");
        all.put(".*is not allowed", "remove the character, or write it as an escape in double quotes");
        all.put(".*the tag .*", "remove the tag: a manifest has texts, numbers, lists and maps only");
    }

    private static void manifests(Map<String, String> all) {
        all.put("a manifest must be a map", "begin with 'name: …' at the left edge");
        all.put(".*used where sequence is expected", "write a list: [one], or a line with a dash for each");
        all.put(".*used where mapping is expected", "write a map: {key: value}, or a line 'key: value' for each");
        all.put(
                ".*used where (string|.*int.*) is expected",
                "write one value; put a text with special characters into quotes");
        all.put("a machine name is required", "add 'name: …'");
        all.put("a machine version is required", "add 'version: 1.0.0'");
        all.put("an initial state is required", "add 'initial_state: …', the state in which the machine begins");
        all.put("no transitions defined", "add 'transitions:' with at least one entry of name, from and destination");
        all.put("no watchers defined", "add 'watchers:' with at least one entry of name and type");
        all.put("name is required", "give the watcher a 'name'");
        all.put("watcher .* already exist", "give each watcher a name of its own");
        all.put(
                ".*(interval|announce interval) .* is too small.*",
                "make it longer: docs/watchers.md has the least of each kind");
        all.put(
                ".*(invalid time unit|missing unit|invalid duration|unknown unit).*",
                "write a number with a unit: 30s, 5m, 12h, 1d; leave the key out for none");
        all.put(".*strconv.ParseBool.*", "write true or false");
        all.put(
                "timer watcher does not support success events",
                "use fail_transition, which a timer fires when it is over");
        all.put(".*could not parse '.*", "write five fields: minute, hour, day of month, month, day of week (0-6)");
        all.put("(machine name|event name) is required on subscription.*", "give both 'machine_name' and 'event'");
    }

    /** A remedy; empty when the sentence says it all. */
    static String of(Fault fault, Sheet sheet) {
        String message = fault.problem().message().replaceFirst("^could not load machine.yaml: ", "");
        if (message.startsWith("invalid state ")) {
            return "the states of the machine are " + states(sheet);
        }
        if (message.startsWith("invalid success_transition ") || message.startsWith("invalid fail_transition ")) {
            return "its transitions are " + names(sheet, "transitions");
        }
        if (message.startsWith("unknown watcher ")) {
            return "docs/machines.md has the types: archive, exec, expression, file, kv, metric, nagios, schedule, timer …";
        }
        return KNOWN.entrySet().stream()
                .filter(known -> known.getKey().matcher(message).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(() -> message.endsWith(" is required")
                        ? "add '" + message.substring(0, message.length() - " is required".length())
                                + "' to the properties"
                        : "");
    }

    private static Set<String> names(Sheet sheet, String list) {
        Set<String> out = new LinkedHashSet<>();
        each(sheet, list, one -> one.text("name").ifPresent(out::add));
        return out;
    }

    private static Set<String> states(Sheet sheet) {
        Set<String> out = new LinkedHashSet<>();
        if (sheet.document().root() instanceof Value.Obj root) {
            root.text("initial_state").ifPresent(out::add);
        }
        each(sheet, "transitions", one -> {
            out.addAll(one.texts("from"));
            one.text("destination").ifPresent(out::add);
        });
        return out;
    }

    private static void each(Sheet sheet, String list, java.util.function.Consumer<Value.Obj> each) {
        if (sheet.document().root() instanceof Value.Obj root) {
            for (Value item : root.list(list)) {
                if (item instanceof Value.Obj one) {
                    each.accept(one);
                }
            }
        }
    }
}
