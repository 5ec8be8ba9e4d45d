package io.machineroom.domain.authoring;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.watcher.Properties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code machine.test.yaml}; every fault, also an unknown key, is told with its line. Lives as long as one read. */
final class TestScriptReader {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long MOST = 1_000_000;

    private final YamlFormat.Document document;
    private final JsonFormat json;
    private final List<Problem> problems = new ArrayList<>();

    private TestScriptReader(YamlFormat.Document document, JsonFormat json) {
        this.document = document;
        this.json = json;
    }

    /**
     * Reads a script.
     *
     * @throws PortException.Refused {@code machine.test-file} with all faults
     */
    static TestScript read(YamlFormat.Document document, JsonFormat json) {
        TestScriptReader reader = new TestScriptReader(document, json);
        TestScript script = reader.script();
        if (!reader.problems.isEmpty()) {
            throw new PortException.Refused(
                    "machine.test-file",
                    String.join(
                            "; ",
                            reader.problems.stream().map(Problem::toString).toList()));
        }
        return script;
    }

    private TestScript script() {
        Value.Obj root = document.root() instanceof Value.Obj map ? map : Value.obj();
        Properties top = fields(root, "");
        Map<String, Value> keys = new LinkedHashMap<>();
        object(top, "keys").fields().forEach((bucket, entries) -> {
            if (entries instanceof Value.Obj all) {
                all.fields().forEach((key, value) -> keys.put(bucket + "/" + key, value));
            } else {
                top.problem("keys." + bucket, "must be a map of keys");
            }
        });
        TestScript script = new TestScript(
                start(top),
                top.whole("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                top.duration("for", Duration.ZERO),
                object(top, "facts"),
                object(top, "data"),
                commands(top),
                keys,
                top.textMap("files"),
                governors(top, "governors"),
                steps(top));
        end(top);
        return script;
    }

    private Properties fields(Value.Obj values, String path) {
        return new Properties(values, path, at -> document.lineOf(at.startsWith(".") ? at.substring(1) : at));
    }

    private void end(Properties read) {
        problems.addAll(read.faults());
        for (Problem unknown : read.unknown()) {
            String name = unknown.path().substring(unknown.path().lastIndexOf('.') + 1);
            problems.add(
                    new Problem(unknown.path(), unknown.line(), unknown.message() + Nearest.hint(name, read.known())));
        }
    }

    private static Instant start(Properties top) {
        Optional<String> text = top.text("start");
        try {
            return text.map(Instant::parse).orElse(START);
        } catch (DateTimeParseException e) {
            top.problem("start", "must be like 2026-01-01T00:00:00Z");
            return START;
        }
    }

    private static Value.Obj object(Properties from, String name) {
        Value value = from.value(name).orElse(Value.nil());
        if (!(value instanceof Value.Obj) && !(value instanceof Value.Nil)) {
            from.problem(name, "must be a map");
        }
        return value instanceof Value.Obj map ? map : Value.obj();
    }

    /** The maps of a list, each with a reader of its own. */
    private List<Properties> maps(Properties from, String name, String path) {
        List<Properties> out = new ArrayList<>();
        Value value = from.value(name).orElse(Value.nil());
        List<Value> items = value instanceof Value.Arr list ? list.items() : List.of();
        for (int i = 0; i < items.size(); i++) {
            String at = path + "[" + i + "]";
            if (items.get(i) instanceof Value.Obj map) {
                out.add(fields(map, at));
            } else {
                problems.add(new Problem(at, document.lineOf(at), "must be a map"));
            }
        }
        return out;
    }

    private List<TestScript.Command> commands(Properties top) {
        List<TestScript.Command> out = new ArrayList<>();
        List<Properties> all = maps(top, "commands", "commands");
        for (int i = 0; i < all.size(); i++) {
            Properties one = all.get(i);
            List<TestScript.Result> results = new ArrayList<>();
            for (Properties result : maps(one, "results", "commands[" + i + "].results")) {
                results.add(result(result));
                end(result);
            }
            if (results.isEmpty()) {
                one.problem("results", "a command needs at least one result");
            }
            out.add(new TestScript.Command(
                    one.text("match").orElse(""), one.text("watcher").orElse(""), results));
            end(one);
        }
        return out;
    }

    private TestScript.Result result(Properties result) {
        byte[] output = result.value("json")
                .map(json::write)
                .orElseGet(() -> result.text("output").orElse("").getBytes(StandardCharsets.UTF_8));
        result.text("output");
        return new TestScript.Result(
                Math.toIntExact(result.whole("exit", 0, 0, 255)),
                output,
                result.duration("takes", Duration.ofMillis(10)),
                result.whole("times", 1, 1, MOST));
    }

    private List<TestScript.Step> steps(Properties top) {
        List<TestScript.Step> out = new ArrayList<>();
        List<Properties> all = maps(top, "steps", "steps");
        for (int i = 0; i < all.size(); i++) {
            Properties one = all.get(i);
            Duration at = one.duration("at", Duration.ZERO);
            String machine = one.text("machine").orElse("");
            int line = document.lineOf("steps[" + i + "]");
            List<TestScript.What> whats = new ArrayList<>();
            if (one.value("expect").isPresent()) {
                whats.add(expect(fields(object(one, "expect"), "steps[" + i + "].expect")));
            }
            one.text("fire").ifPresent(t -> whats.add(new TestScript.Fire(t)));
            one.value("facts").ifPresent(f -> whats.add(new TestScript.Facts(object(one, "facts"))));
            object(one, "put").fields().forEach((key, value) -> whats.add(new TestScript.Put(key, value)));
            one.texts("delete").forEach(key -> whats.add(new TestScript.Delete(key)));
            one.textMap("write").forEach((path, text) -> whats.add(new TestScript.Write(path, text)));
            governors(one, "governors").forEach((name, standing) -> whats.add(new TestScript.Governor(name, standing)));
            one.texts("remove").forEach(path -> whats.add(new TestScript.Remove(path)));
            if (whats.isEmpty()) {
                one.problem("at", "a step has expect, fire, facts, put, delete, write, remove or governors");
            }
            whats.forEach(what -> out.add(new TestScript.Step(at, machine, what, line)));
            end(one);
        }
        return out.stream().sorted(Comparator.comparing(TestScript.Step::at)).toList();
    }

    private static Map<String, ScriptedSlots.Standing> governors(Properties of, String key) {
        Map<String, ScriptedSlots.Standing> out = new LinkedHashMap<>();
        of.textMap(key).forEach((name, text) -> {
            switch (text) {
                case "free" -> out.put(name, ScriptedSlots.Standing.FREE);
                case "full" -> out.put(name, ScriptedSlots.Standing.FULL);
                case "missing" -> out.put(name, ScriptedSlots.Standing.MISSING);
                default -> of.problem(key + "." + name, "a governor is free, full or missing");
            }
        });
        return out;
    }

    private TestScript.Expect expect(Properties expected) {
        Map<String, Long> runs = new LinkedHashMap<>();
        Value.Obj counts = object(expected, "runs");
        counts.fields()
                .keySet()
                .forEach(command -> counts.whole(command)
                        .ifPresentOrElse(
                                count -> runs.put(command, count),
                                () -> expected.problem("runs." + command, "must be a whole number")));
        TestScript.Expect read = new TestScript.Expect(
                expected.text("state").orElse(""),
                object(expected, "data"),
                expected.whole("transitions", -1, 0, MOST),
                runs);
        end(expected);
        return read;
    }
}
