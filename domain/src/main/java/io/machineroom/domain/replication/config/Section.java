package io.machineroom.domain.replication.config;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.watcher.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object of the file while it is read; notes what is wrong with it. One task. */
final class Section {
    /**
     * The file.
     *
     * @param document with its lines
     * @param base what relative paths are relative to
     * @param problems found so far
     * @param warnings found so far
     */
    record Source(YamlFormat.Document document, Path base, List<Problem> problems, List<Problem> warnings) {}

    private final Source source;
    private final String path;
    private final Value.Obj object;

    Section(Source source, String path, Value.Obj object) {
        this.source = source;
        this.path = path;
        this.object = object;
    }

    /** Every key must be known. */
    Section knows(List<String> keys) {
        for (String key : object.fields().keySet()) {
            if (!keys.contains(key)) {
                wrong(key, "unknown key '" + key + "'" + Nearest.hint(key, keys));
            }
        }
        return this;
    }

    boolean has(String key) {
        return object.get(key).filter(v -> !(v instanceof Value.Nil)).isPresent();
    }

    /** A problem at a key, or of the section when the key is empty. */
    void wrong(String key, String message) {
        source.problems().add(problem(key, message));
    }

    void warn(String key, String message) {
        source.warnings().add(problem(key, message));
    }

    /** A problem that is not noted here. */
    Problem problem(String key, String message) {
        String where = below(key);
        return new Problem(where, source.document().lineOf(where), message);
    }

    private String below(String key) {
        return key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
    }

    /** A text; empty when absent. Numbers and booleans are taken as they are written, as YAML's users expect. */
    String text(String key) {
        return switch (object.get(key).orElse(Value.nil())) {
            case Value.Text t -> t.value();
            case Value.Num n -> n.value().toPlainString();
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.Nil _ -> "";
            case Value.Arr _, Value.Obj _ -> {
                wrong(key, "must be a text");
                yield "";
            }
        };
    }

    boolean flag(String key) {
        if (has(key) && object.bool(key).isEmpty()) {
            wrong(key, "must be true or false");
        }
        return object.bool(key).orElse(false);
    }

    long whole(String key, long least, long most) {
        if (!has(key)) {
            return 0;
        }
        Optional<Long> number = object.whole(key);
        if (number.isEmpty() || number.get() < least || number.get() > most) {
            wrong(key, "must be a whole number from " + least + " to " + most);
            return 0;
        }
        return number.get();
    }

    /** A duration of the original's grammar; zero when absent. */
    Duration duration(String key) {
        try {
            Duration parsed = Durations.parseInterval(text(key));
            if (parsed.isNegative()) {
                wrong(key, "invalid " + key + ": must not be negative");
                return Duration.ZERO;
            }
            return parsed;
        } catch (IllegalArgumentException e) {
            wrong(key, "invalid " + key + ": " + e.getMessage());
            return Duration.ZERO;
        }
    }

    Optional<Path> file(String key) {
        String text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(source.base().resolve(text).normalize());
        } catch (IllegalArgumentException e) {
            wrong(key, "is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    Optional<Section> section(String key) {
        if (has(key) && object.obj(key).isEmpty()) {
            wrong(key, "must be an object");
        }
        return object.obj(key).map(o -> new Section(source, below(key), o));
    }

    List<Section> sections(String key) {
        List<Section> out = new ArrayList<>();
        if (has(key) && !(object.get(key).orElse(Value.nil()) instanceof Value.Arr)) {
            wrong(key, "must be a list");
        }
        List<Value> items = object.list(key);
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Value.Obj o) {
                out.add(new Section(source, below(key) + "[" + i + "]", o));
            } else {
                wrong(key + "[" + i + "]", "must be an object");
            }
        }
        return out;
    }

    Map<String, String> texts(String key) {
        Map<String, String> out = new LinkedHashMap<>();
        section(key).ifPresent(s -> s.object.fields().keySet().forEach(name -> out.put(name, s.text(name))));
        return out;
    }
}
