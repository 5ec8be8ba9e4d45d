package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Properties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules about names, machine data and commands. */
final class TextRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]+");
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+");
    private static final Pattern DATA = Pattern.compile("(?<![\\w.])data\\.([A-Za-z_][A-Za-z0-9_-]*)");

    private TextRules() {}

    static void look(Subject subject) {
        names(subject);
        data(subject);
        written(subject);
        subject.machine().watchers().stream()
                .filter(w -> Set.of("exec", "metric", "nagios").contains(w.type()))
                .forEach(w -> command(subject, w));
    }

    private static void names(Subject subject) {
        if (!VERSION.matcher(subject.machine().version()).matches()) {
            subject.warning(
                    "version-form",
                    "version",
                    "the version '" + subject.machine().version() + "' is not of the form 1.2.3",
                    "remote commands only address versions of that form");
        }
        name(subject, "name", subject.machine().name());
        for (WatcherSpec watcher : subject.machine().watchers()) {
            name(subject, Subject.at(watcher, "name"), watcher.name());
        }
        for (int i = 0; i < subject.machine().transitions().size(); i++) {
            name(
                    subject,
                    "transitions[" + i + "].name",
                    subject.machine().transitions().get(i).name());
        }
    }

    private static void name(Subject subject, String at, String name) {
        if (!NAME.matcher(name).matches()) {
            subject.warning(
                    "name-form",
                    at,
                    "the name '" + name + "' is not two or more letters, digits, dashes or underscores, a letter first",
                    "remote commands only address names of that form");
        }
    }

    /** Machine data that templates and expressions read although no watcher writes it. */
    private static void data(Subject subject) {
        List<WatcherSpec> watchers = subject.machine().watchers();
        boolean anything =
                watchers.stream().anyMatch(w -> w.type().equals("exec") && flag(w, "parse_as_data") || unknownKey(w));
        if (anything) {
            return;
        }
        Set<String> known = new LinkedHashSet<>();
        watchers.forEach(w -> known.addAll(writes(w)));
        for (WatcherSpec watcher : watchers) {
            item(subject, watcher, known);
            watcher.properties()
                    .fields()
                    .forEach((property, value) -> texts(value)
                            .map(DATA::matcher)
                            .flatMap(Matcher::results)
                            .map(found -> found.group(1))
                            .distinct()
                            .filter(key -> !known.contains(key))
                            .forEach(key -> subject.warning(
                                    "data-unwritten",
                                    watcher.path() + "." + property,
                                    "'" + watcher.name() + "' reads data." + key
                                            + ", which no watcher of the machine writes",
                                    known.isEmpty() ? "" : "written are " + known)));
        }
    }

    /** The list of a watcher that deploys, under a key that nobody writes (W-50). */
    private static void item(Subject subject, WatcherSpec watcher, Set<String> known) {
        String item = new Properties(watcher.properties(), watcher.path(), path -> 0)
                .text("data_item")
                .orElse("");
        if (PluginsWatcher.NAMES.contains(watcher.type()) && !known.contains(item)) {
            subject.warning(
                    "data-unwritten",
                    watcher.path() + ".data_item",
                    "'" + watcher.name() + "' reads the list data." + item + ", which no watcher of the machine writes",
                    known.isEmpty() ? "let a kv watcher bring it" : "written are " + known);
        }
    }

    private static Stream<String> texts(Value value) {
        return switch (value) {
            case Value.Text t -> Stream.of(t.value());
            case Value.Arr a -> a.items().stream().flatMap(TextRules::texts);
            case Value.Obj o -> o.fields().values().stream().flatMap(TextRules::texts);
            case Value.Nil n -> Stream.of();
            case Value.Bool b -> Stream.of();
            case Value.Num n -> Stream.of();
        };
    }

    private static boolean unknownKey(WatcherSpec watcher) {
        return writes(watcher).stream().anyMatch(key -> key.contains("{{"));
    }

    /** Keys of the machine's data that a watcher writes, as far as its properties tell. */
    private static List<String> writes(WatcherSpec watcher) {
        Properties properties = new Properties(watcher.properties(), watcher.path(), path -> 0);
        return switch (watcher.type()) {
            case "kv" -> {
                String key = properties
                        .text("store_key")
                        .filter(k -> !k.isEmpty())
                        .or(() -> properties.text("key"))
                        .orElse("");
                String bucket = properties.text("bucket").orElse("");
                yield List.of(properties.bool("bucket_prefix", true) ? bucket + "_" + key : key);
            }
            case "metric" -> properties.bool("store", false) ? List.of("metric") : List.of();
            default -> List.of();
        };
    }

    /** Two watchers that write one key while both are active. */
    private static void written(Subject subject) {
        Map<String, List<WatcherSpec>> by = new HashMap<>();
        for (WatcherSpec watcher : subject.machine().watchers()) {
            for (String key : writes(watcher)) {
                List<WatcherSpec> others = by.computeIfAbsent(key, k -> new ArrayList<>());
                others.stream()
                        .filter(other -> subject.active(other).stream().anyMatch(subject.active(watcher)::contains))
                        .findFirst()
                        .ifPresent(other -> subject.warning(
                                "data-written-twice",
                                watcher.path(),
                                "'" + other.name() + "' and '" + watcher.name() + "' both write data." + key
                                        + " in the same states, each over the other",
                                "give one of them a key of its own"));
                others.add(watcher);
            }
        }
    }

    private static void command(Subject subject, WatcherSpec watcher) {
        for (String property : List.of("command", "plugin")) {
            String text = new Properties(watcher.properties(), watcher.path(), path -> 0)
                    .text(property)
                    .orElse("");
            String program = text.strip().split("\\s", 2)[0];
            boolean own = program.contains("/") && !program.startsWith("/") && !program.contains("{{");
            if (own && !subject.sheet().exists().test(program)) {
                subject.warning(
                        "command-missing",
                        watcher.path() + "." + property,
                        "'" + program + "' is not in the directory of the machine",
                        "ship it with the machine, or name its absolute path");
            }
        }
    }

    private static boolean flag(WatcherSpec watcher, String name) {
        return new Properties(watcher.properties(), watcher.path(), path -> 0).bool(name, false);
    }
}
