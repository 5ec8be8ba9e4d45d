package io.machineroom.domain.machine;

import io.machineroom.domain.machine.Fault.Stage;
import io.machineroom.domain.machine.Fields.Findings;
import io.machineroom.domain.machine.Fields.Places;
import io.machineroom.domain.machine.MachineDefinition.Subscription;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code machine.yaml} (spec 1): a definition, or all its faults at once with path and line. Unknown keys and
 * properties are warnings, because machines that carry them run elsewhere. Stateless.
 */
public final class DefinitionReader {
    private static final String COULD_NOT = "could not load machine.yaml: ";

    /** How readers of YAML say where something is wrong. */
    private static final Pattern PLACED = Pattern.compile("line (\\d{1,7}), column (\\d{1,7}): (.*)", Pattern.DOTALL);

    private final WatcherCatalog catalog;

    /**
     * A reader.
     *
     * @param catalog kinds of watchers that may be named
     */
    public DefinitionReader(WatcherCatalog catalog) {
        this.catalog = catalog;
    }

    /** What a manifest holds. */
    public sealed interface Reading {
        /** Worth telling, but no reason to refuse. */
        List<Problem> warnings();

        /** The same with one more. */
        Reading warned(Problem problem);
    }

    private static List<Problem> with(List<Problem> warnings, Problem problem) {
        return Stream.concat(warnings.stream(), Stream.of(problem)).toList();
    }

    /** A definition that can run. */
    public record Readable(MachineDefinition definition, List<Problem> warnings) implements Reading {
        @Override
        public Readable warned(Problem problem) {
            return new Readable(definition, with(warnings, problem));
        }
    }

    /**
     * Faults, at least one; the first is the one that the original engine tells.
     *
     * @param faults in the order of their stages
     * @param name what the manifest calls the machine; empty when it does not, or cannot be read
     */
    public record Unreadable(List<Fault> faults, List<Problem> warnings, String name) implements Reading {
        public Unreadable {
            faults = faults.stream().sorted(Comparator.comparing(Fault::stage)).toList();
        }

        @Override
        public Unreadable warned(Problem problem) {
            return new Unreadable(faults, with(warnings, problem), name);
        }

        private static Unreadable document(String reason) {
            return new Unreadable(
                    List.of(new Fault(Stage.DOCUMENT, new Problem("", 0, reason), reason, "")), List.of(), "");
        }

        /** A document that cannot be read at all. */
        public static Unreadable document(PortException.Refused e) {
            String message = String.valueOf(e.getMessage());
            Matcher placed = PLACED.matcher(message);
            Problem problem = placed.matches()
                    ? new Problem(
                            "",
                            Integer.parseInt(placed.group(1)),
                            Integer.parseInt(placed.group(2)),
                            COULD_NOT + placed.group(3))
                    : new Problem("", 0, COULD_NOT + message);
            return new Unreadable(List.of(new Fault(Stage.DOCUMENT, problem, COULD_NOT + message, "")), List.of(), "");
        }

        /** A manifest that is not there. */
        public static Unreadable missing(String reason) {
            return document(reason);
        }

        /** The faults without their stages. */
        public List<Problem> problems() {
            return faults.stream().map(Fault::problem).toList();
        }
    }

    /** Reads a manifest. */
    public Reading read(YamlFormat.Document document) {
        Reading reading = read(document.root(), Places.of(document));
        return document.nextLine() == 0
                ? reading
                : reading.warned(new Problem(
                        "",
                        document.nextLine(),
                        1,
                        "another document begins here and is ignored: only the first is read"));
    }

    /**
     * Reads a manifest whose columns are not known.
     *
     * @param root the document
     * @param lineOf line of a path in it
     */
    public Reading read(Value root, ToIntFunction<String> lineOf) {
        return read(root, new Places(lineOf, path -> 0));
    }

    private Reading read(Value root, Places places) {
        Findings findings = new Findings(new ArrayList<>(), new ArrayList<>(), places);
        if (!(root instanceof Value.Obj) && !(root instanceof Value.Nil)) {
            findings.fault(Stage.DECODE, "", "a manifest must be a map");
            return new Unreadable(findings.faults(), List.of(), "");
        }
        Fields fields = new Fields(root instanceof Value.Obj map ? map : Value.obj(), "", findings);
        String name = required(fields, "name", "a machine name is required");
        String version = required(fields, "version", "a machine version is required");
        String initial = required(fields, "initial_state", "an initial state is required");
        List<Transition> transitions = transitions(fields);
        List<WatcherSpec> watchers = watchers(fields, initial, transitions);
        Duration splay = splay(fields);
        boolean persist = fields.flag("persist_state");
        fields.rest();
        List<Problem> warnings = List.copyOf(findings.warnings());
        if (!findings.faults().isEmpty()) {
            return new Unreadable(findings.faults(), warnings, name);
        }
        return new Readable(
                new MachineDefinition(name, version, initial, transitions, watchers, splay, persist), warnings);
    }

    private static Duration splay(Fields fields) {
        long seconds = fields.whole("splay_start");
        if (seconds < 0) {
            fields.warning("splay_start", "a splay_start below 0 is ignored: watchers start at once");
        }
        return Duration.ofSeconds(Math.max(0, seconds));
    }

    private static String required(Fields fields, String key, String message) {
        String text = fields.text(key);
        if (text.isEmpty()) {
            fields.fault(Stage.MACHINE, key, message);
        }
        return text;
    }

    private static String subscribed(Fields fields, String key, String message) {
        String text = fields.text(key);
        if (text.isEmpty()) {
            fields.fault(Stage.SUBSCRIPTION, key, message);
        }
        return text;
    }

    private static List<Transition> transitions(Fields fields) {
        List<Transition> out = new ArrayList<>();
        Set<String> entries = new HashSet<>();
        for (Fields one : fields.maps("transitions")) {
            String name = one.text("name");
            List<String> from = one.texts("from");
            String destination = one.text("destination");
            if (name.isEmpty()) {
                one.warning("name", "a transition without a name can never fire");
            }
            if (destination.isEmpty()) {
                one.warning("destination", "transition \"" + name + "\" leads to a state without a name");
            }
            for (String state : from) {
                if (!entries.add(name + "\n" + state)) {
                    one.warning("from", "transition \"" + name + "\" from " + state + " replaces an earlier one");
                }
            }
            if (from.isEmpty()) {
                one.warning("from", "transition \"" + name + "\" can never fire");
            }
            out.add(new Transition(name, from, destination, one.text("description"), subscriptions(one, name)));
            one.rest();
        }
        if (!fields.filled("transitions")) {
            fields.fault(Stage.MACHINE, "transitions", "no transitions defined");
        }
        return out;
    }

    private static List<Subscription> subscriptions(Fields transition, String name) {
        List<Subscription> out = new ArrayList<>();
        for (Fields one : transition.maps("subscribe")) {
            String machine = subscribed(
                    one, "machine_name", "machine name is required on subscription for transition \"" + name + "\"");
            String event =
                    subscribed(one, "event", "event name is required on subscription for transition \"" + name + "\"");
            out.add(new Subscription(machine, event));
            one.rest();
        }
        return out;
    }

    private List<WatcherSpec> watchers(Fields fields, String initial, List<Transition> transitions) {
        Set<String> states = StateMachine.of(initial, transitions).states();
        Set<String> events = new LinkedHashSet<>();
        transitions.forEach(t -> events.add(t.name()));
        WatcherReader reader = new WatcherReader(catalog, states, events);
        List<WatcherSpec> out = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields one : fields.maps("watchers")) {
            WatcherSpec watcher = reader.read(one);
            if (!watcher.name().isEmpty() && !names.add(watcher.name())) {
                one.start("name", "", "watcher " + watcher.name() + " already exist");
            }
            out.add(watcher);
        }
        if (!fields.filled("watchers")) {
            fields.fault(Stage.MACHINE, "watchers", "no watchers defined");
        }
        return out;
    }
}
