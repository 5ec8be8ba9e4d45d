package io.machineroom.domain.authoring;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.security.VerifyKey;
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
                downloads(top),
                key(top),
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

    private List<TestScript.Download> downloads(Properties top) {
        List<TestScript.Download> out = new ArrayList<>();
        List<Properties> all = maps(top, "downloads", "downloads");
        for (int i = 0; i < all.size(); i++) {
            Properties one = all.get(i);
            List<TestScript.Answer> answers = new ArrayList<>();
            for (Properties answer : maps(one, "results", "downloads[" + i + "].results")) {
                answers.add(answer(answer));
                end(answer);
            }
            if (answers.isEmpty()) {
                one.problem("results", "a download needs at least one result");
            }
            out.add(new TestScript.Download(one.text("match").orElse(""), answers));
            end(one);
        }
        return out;
    }

    private static TestScript.Answer answer(Properties answer) {
        List<TestScript.Brought> bodies = new ArrayList<>();
        answer.text("file").map(TestScript.Archive::new).ifPresent(bodies::add);
        answer.text("text").map(TestScript.Body::new).ifPresent(bodies::add);
        int status = Math.toIntExact(answer.whole("status", 0, 400, 599));
        if (status > 0) {
            bodies.add(new TestScript.Status(status));
        }
        answer.text("fails").ifPresent(how -> {
            switch (how) {
                case "unreachable" -> bodies.add(new TestScript.NoServer());
                case "interrupted" -> bodies.add(new TestScript.Broken());
                default -> answer.problem("fails", "a download fails as unreachable or interrupted");
            }
        });
        if (bodies.size() != 1 && answer.faults().isEmpty()) {
            answer.problem("file", "a result of a download has one of file, text, status and fails");
        }
        return new TestScript.Answer(
                bodies.isEmpty() ? new TestScript.NoServer() : bodies.getFirst(),
                answer.duration("takes", Duration.ofMillis(10)),
                answer.whole("times", 1, 1, MOST));
    }

    private static Optional<VerifyKey.Ed25519> key(Properties top) {
        try {
            return top.text("signing_key").map(VerifyKey::hex);
        } catch (IllegalArgumentException e) {
            top.problem("signing_key", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
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
            one.textMap("press")
                    .forEach((watcher, to) -> press(one, watcher, to).ifPresent(whats::add));
            one.value("facts").ifPresent(f -> whats.add(new TestScript.Facts(object(one, "facts"))));
            object(one, "put").fields().forEach((key, value) -> whats.add(new TestScript.Put(key, value)));
            one.texts("delete").forEach(key -> whats.add(new TestScript.Delete(key)));
            one.textMap("write").forEach((path, text) -> whats.add(new TestScript.Write(path, text)));
            governors(one, "governors").forEach((name, standing) -> whats.add(new TestScript.Governor(name, standing)));
            one.texts("remove").forEach(path -> whats.add(new TestScript.Remove(path)));
            if (whats.isEmpty()) {
                one.problem("at", "a step has expect, fire, press, facts, put, delete, write, remove or governors");
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

    private static Optional<TestScript.What> press(Properties step, String watcher, String to) {
        // YAML makes a boolean of true and none of on
        return switch (to) {
            case "on", "true", "1" -> Optional.of(new TestScript.Press(watcher, true));
            case "off", "false", "0" -> Optional.of(new TestScript.Press(watcher, false));
            default -> {
                step.problem("press." + watcher, "a switch is pressed on or off");
                yield Optional.empty();
            }
        };
    }

    private TestScript.Expect expect(Properties expected) {
        List<TestScript.Count> counts = new ArrayList<>();
        counts(expected, "runs", TestScript.Counted.RUNS, counts);
        counts(expected, "downloads", TestScript.Counted.DOWNLOADS, counts);
        counts(expected, "events", TestScript.Counted.EVENTS, counts);
        TestScript.Expect read = new TestScript.Expect(
                expected.text("state").orElse(""),
                object(expected, "data"),
                expected.whole("transitions", -1, 0, MOST),
                counts,
                expected.textMap("outcomes"));
        end(expected);
        return read;
    }

    private static void counts(Properties expected, String key, TestScript.Counted what, List<TestScript.Count> into) {
        Value.Obj counts = object(expected, key);
        for (String name : counts.fields().keySet()) {
            counts.whole(name)
                    .ifPresentOrElse(
                            times -> into.add(new TestScript.Count(what, name, times)),
                            () -> expected.problem(key + "." + name, "must be a whole number"));
        }
    }
}
