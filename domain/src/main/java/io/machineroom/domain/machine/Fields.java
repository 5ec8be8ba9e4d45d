package io.machineroom.domain.machine;

import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Loose reader of one map of a manifest: scalars become texts, and what nobody read is told as a warning. Notes
 * faults in the lists it is given. One task uses it.
 */
final class Fields {
    private final Value.Obj values;
    private final String path;
    private final Findings findings;
    private final Set<String> read = new LinkedHashSet<>();

    Fields(Value.Obj values, String path, Findings findings) {
        this.values = values;
        this.path = path;
        this.findings = findings;
    }

    /** Faults and warnings of one document, in order. */
    record Findings(List<Problem> problems, List<Problem> warnings, ToIntFunction<String> lineOf) {
        void problem(String at, String message) {
            problems.add(new Problem(at, lineOf.applyAsInt(at), message));
        }

        void warning(String at, String message) {
            warnings.add(new Problem(at, lineOf.applyAsInt(at), message));
        }
    }

    String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void problem(String key, String message) {
        findings.problem(key.isEmpty() ? path : at(key), message);
    }

    void warning(String key, String message) {
        findings.warning(at(key), message);
    }

    String text(String key) {
        read.add(key);
        Value value = values.get(key).orElse(Value.nil());
        String text = scalar(value);
        if (text == null) {
            problem(key, key + " must be a text");
            return "";
        }
        return text;
    }

    List<String> texts(String key) {
        List<String> out = new ArrayList<>();
        List<Value> items = list(key);
        for (int i = 0; i < items.size(); i++) {
            String text = scalar(items.get(i));
            if (text == null) {
                findings.problem(at(key) + "[" + i + "]", "must be a text");
            } else {
                out.add(text);
            }
        }
        return out;
    }

    List<Value> list(String key) {
        read.add(key);
        Value value = values.get(key).orElse(Value.nil());
        if (value instanceof Value.Arr list) {
            return list.items();
        }
        if (!(value instanceof Value.Nil)) {
            problem(key, key + " must be a list");
        }
        return List.of();
    }

    /** The maps of a list, each with its own reader; other items are faults. */
    List<Fields> maps(String key) {
        List<Fields> out = new ArrayList<>();
        List<Value> items = list(key);
        for (int i = 0; i < items.size(); i++) {
            String at = at(key) + "[" + i + "]";
            if (items.get(i) instanceof Value.Obj fields) {
                out.add(new Fields(fields, at, findings));
            } else {
                findings.problem(at, "must be a map");
            }
        }
        return out;
    }

    Value.Obj map(String key) {
        read.add(key);
        Value value = values.get(key).orElse(Value.nil());
        if (value instanceof Value.Obj fields) {
            return fields;
        }
        if (!(value instanceof Value.Nil)) {
            problem(key, key + " must be a map");
        }
        return Value.obj();
    }

    /** Whole seconds, fractions cut off. */
    long whole(String key) {
        String text = text(key);
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("-?\\d{1,9}(\\.\\d{1,9})?")) {
            problem(key, key + " must be a whole number");
            return 0;
        }
        return new java.math.BigDecimal(text).setScale(0, RoundingMode.DOWN).longValueExact();
    }

    /** Tells of what nobody read. */
    void rest() {
        for (String key : values.fields().keySet()) {
            if (!read.contains(key)) {
                warning(key, "unknown key '" + key + "' is ignored");
            }
        }
    }

    private static @org.jspecify.annotations.Nullable String scalar(Value value) {
        return switch (value) {
            case Value.Text t -> t.value();
            case Value.Num n -> n.value().toPlainString();
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.Nil nil -> "";
            case Value.Arr arr -> null;
            case Value.Obj obj -> null;
        };
    }
}
