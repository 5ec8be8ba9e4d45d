package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimYaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DefinitionReaderTest {
    private final DefinitionReader reader = new DefinitionReader(WatcherCatalog.builtInAnd(List.of()));

    private List<String> problems(Value manifest) {
        return assertInstanceOf(Unreadable.class, reader.read(manifest, String::length)).problems().stream()
                .map(Problem::message)
                .toList();
    }

    @Test
    void tellsAllFaultsAtOnceWithPlaceAndLine() {
        Value.Obj watcher = exec("run", "NOWHERE", "")
                .with("success_transition", Value.text("gone"))
                .with("interval", Value.text("100ms"))
                .with("announce_interval", Value.text("30s"));
        Unreadable bad = assertInstanceOf(
                Unreadable.class, reader.read(machine("", watcher, exec("run", "A", "/bin/true")), String::length));
        assertEquals(
                List.of(
                        "name: a machine name is required",
                        "watchers[0].announce_interval: announce interval 30s is too small for watcher run",
                        "watchers[0].state_match: invalid state NOWHERE in state match for watcher run",
                        "watchers[0].success_transition: invalid success_transition gone specified in watcher run",
                        "watchers[0].properties.command: command is required",
                        "watchers[0].interval: interval 100ms is too small",
                        "watchers[1].name: watcher run already exist"),
                bad.problems().stream().map(p -> p.path() + ": " + p.message()).toList());
        assertEquals("watchers[0].interval".length(), bad.problems().get(5).line());
    }

    @Test
    void wantsWhatAMachineNeeds() {
        assertEquals(
                List.of(
                        "a machine name is required",
                        "a machine version is required",
                        "an initial state is required",
                        "no transitions defined",
                        "no watchers defined"),
                problems(Value.obj()));
        assertEquals(List.of("a manifest must be a map"), problems(Value.text("x")));
    }

    @Test
    void onlyWarnsOfWhatItDoesNotKnow() {
        Value.Obj watcher = exec("run", "A", "/bin/true").with("colour", Value.text("red"));
        Value.Obj properties = Value.obj("Command", Value.text("/bin/true"), "timeuot", Value.text("1s"));
        Readable good = assertInstanceOf(
                Readable.class,
                reader.read(
                        machine("m", watcher.with("properties", properties)).with("author", Value.text("me")),
                        path -> 0));
        assertEquals(
                List.of(
                        "watchers[0].colour: unknown key 'colour' is ignored",
                        "watchers[0].properties.timeuot: unknown property 'timeuot' is ignored; did you mean 'timeout'?",
                        "author: unknown key 'author' is ignored"),
                good.warnings().stream().map(Problem::toString).toList());
    }

    @Test
    void anotherDocumentInTheFileIsToldWithItsLine() {
        String text = "name: m\nversion: 1.0.0\n---\nname: other\n";
        for (String manifest : List.of(text, text.replace("name: m", "name: ''"))) {
            DefinitionReader.Reading reading =
                    reader.read(new SimYaml().read(manifest.getBytes(StandardCharsets.UTF_8)));
            Problem told = reading.warnings().getLast();
            assertEquals("another document begins here and is ignored: only the first is read", told.message());
            assertEquals(3, told.line());
        }
        assertEquals(
                List.of(),
                reader.read(new SimYaml().read("name: m\n".getBytes(StandardCharsets.UTF_8)))
                        .warnings());
    }

    @Test
    void aSplayBelowZeroIsTold() {
        Value.Obj negative = machine("m", exec("run", "A", "/bin/true")).with("splay_start", Value.num(-5));
        Readable good = assertInstanceOf(Readable.class, reader.read(negative, path -> 0));
        assertEquals(Duration.ZERO, good.definition().splayStart());
        assertEquals(
                List.of("splay_start: a splay_start below 0 is ignored: watchers start at once"),
                good.warnings().stream().map(Problem::toString).toList());
        Readable plain =
                assertInstanceOf(Readable.class, reader.read(negative.with("splay_start", Value.num(0)), path -> 0));
        assertEquals(List.of(), plain.warnings());
    }

    @Test
    void loadsTemplatesThatCannotBeFilledInWithAWarning() {
        Value.Obj watcher = exec("run", "A", "{{ nothing 1 }}");
        Readable good = assertInstanceOf(Readable.class, reader.read(machine("m", watcher), path -> 0));
        assertEquals(
                List.of(
                        "watchers[0].properties.command: template:1:4: function \"nothing\" not defined; each run will fail"),
                good.warnings().stream().map(Problem::toString).toList());
    }

    @Test
    void readsDurationsInBothGrammars() {
        Value.Obj watcher = exec("run", "A", "/bin/true")
                .with("interval", Value.text("1d"))
                .with("announce_interval", Value.text("1M"));
        Readable good = assertInstanceOf(
                Readable.class, reader.read(machine("m", watcher).with("splay_start", Value.text("10")), path -> 0));
        assertEquals(
                Optional.of(Duration.ofDays(1)),
                Optional.ofNullable(good.definition().watchers().getFirst().interval()));
        assertEquals(Duration.ofSeconds(10), good.definition().splayStart());
    }

    @Test
    void saysWhatTheOriginalSaysOfValuesOfAnotherKind() {
        Value list = new Value.Arr(List.of(Value.text("a"), Value.num(2)));
        Map<Value.Obj, String> told = Map.of(
                Value.obj("command", list),
                "'Command' expected type 'string', got unconvertible type '[]interface {}', value: '[a 2]'",
                Value.obj("command", Value.text("x"), "environment", Value.obj("A", Value.text("b"))),
                "'Environment[0]' expected type 'string', got unconvertible type 'map[string]interface {}', value: 'map[A:b]'",
                Value.obj("command", Value.text("x"), "disown", Value.text("yes")),
                "cannot parse 'Disown' as bool: strconv.ParseBool: parsing \"yes\": invalid syntax",
                Value.obj("command", Value.text("x"), "governor_timeout", Value.text("5")),
                "error decoding 'governor_timeout': time: missing unit in duration \"5\"",
                Value.obj("command", Value.text("x"), "timeout", list),
                "'Timeout' expected type 'time.Duration', got unconvertible type '[]interface {}', value: '[a 2]'");
        told.forEach((properties, words) -> {
            Value.Obj watcher = exec("run", "A", "x").with("properties", properties);
            List<String> problems = problems(machine("m", watcher));
            assertTrue(problems.getFirst().contains(words), problems.toString());
        });
    }

    @Test
    void saysWhatTheOriginalSaysOfSeveralPropertiesThatDoNotFit() {
        Value.Obj properties = Value.obj(
                "command", Value.text(""),
                "timeout", Value.text("5"),
                "gather_initial_state", Value.text("yes"));
        Value.Obj watcher = exec("run", "A", "x").with("properties", properties);
        Unreadable bad = assertInstanceOf(Unreadable.class, reader.read(machine("m", watcher), path -> 0));
        assertEquals(
                "could not create exec watcher 'run': could not set properties: 2 error(s) decoding:\n\n"
                        + "* cannot parse 'gather_initial_state' as bool: strconv.ParseBool: parsing \"yes\": invalid"
                        + " syntax\n* error decoding 'Timeout': time: missing unit in duration \"5\"",
                bad.faults().getFirst().verdict());
        assertEquals("watchers[0].properties.timeout", bad.problems().getFirst().path());
    }

    /** Whatever stands anywhere: it is read or refused, and never breaks the reader. */
    @Test
    void takesAnyValueAnywhere() {
        Random random = new Random(11);
        Value.Obj good = machine("m", exec("run", "A", "/bin/true"), exec("more", "B", "x"));
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            read += reader.read(spoiled(good, random), path -> 0) instanceof Readable ? 1 : 0;
        }
        assertTrue(read > 100 && read < 4_900, read + " of 5000 were read");
    }

    private static Value spoiled(Value value, Random random) {
        List<Value> anything = List.of(
                Value.nil(),
                Value.bool(true),
                Value.num(-1.5),
                Value.num(Long.MAX_VALUE),
                Value.text(""),
                Value.text("\u0000{{'"),
                Value.arr(),
                Value.arr(Value.nil(), Value.obj()),
                Value.obj("name", Value.arr()));
        if (random.nextInt(40) == 0) {
            return anything.get(random.nextInt(anything.size()));
        }
        return switch (value) {
            case Value.Obj o -> {
                Value.Obj out = Value.obj();
                for (var field : o.fields().entrySet()) {
                    String key = random.nextInt(40) == 0 ? field.getKey() + "x" : field.getKey();
                    out = out.with(key, spoiled(field.getValue(), random));
                }
                yield out;
            }
            case Value.Arr a ->
                new Value.Arr(
                        a.items().stream().map(item -> spoiled(item, random)).toList());
            case Value other -> other;
        };
    }

    @Test
    void drawsItsDiagram() {
        Readable good =
                assertInstanceOf(Readable.class, reader.read(machine("m", exec("run", "A", "/bin/true")), path -> 0));
        StateMachine table = StateMachine.of(
                good.definition().initialState(), good.definition().transitions());
        assertEquals("""
                @startuml
                state "A" as s0
                state "B" as s1
                [*] --> s0
                s0 --> s1 : go
                s1 --> s0 : back
                @enduml
                """, table.plantUml());
        assertEquals(Optional.of("B"), table.destination("A", "go"));
        assertEquals(Optional.empty(), table.destination("B", "go"));
        assertEquals(List.of("back"), table.available("B"));
    }
}
