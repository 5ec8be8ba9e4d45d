package io.machineroom.domain.machine;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.domain.machine.Fault.Stage;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.math.BigDecimal;
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

    /** Where things stand in a document. */
    record Places(ToIntFunction<String> line, ToIntFunction<String> column) {
        static Places of(YamlFormat.Document document) {
            return new Places(document::lineOf, document::columnOf);
        }
    }

    /** Faults and warnings of one document, in order. */
    record Findings(List<Fault> faults, List<Problem> warnings, Places places) {
        void fault(Stage stage, String at, String message) {
            faults.add(new Fault(stage, problem(at, message), message, ""));
        }

        void fault(Stage stage, String at, String message, String sentence) {
            faults.add(new Fault(stage, problem(at, message), sentence, ""));
        }

        void unknown(Stage stage, String at, String message, String hint) {
            faults.add(new Fault(stage, problem(at, message), message, hint));
        }

        void warning(String at, String message) {
            warnings.add(problem(at, message));
        }

        private Problem problem(String at, String message) {
            return new Problem(at, places.line().applyAsInt(at), places.column().applyAsInt(at), message);
        }
    }

    String at(String key) {
        return key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
    }

    void fault(Stage stage, String key, String message) {
        findings.fault(stage, at(key), message);
    }

    /** A fault about a name that is not known, with what may have been meant. */
    void unknown(Stage stage, String key, String message, String hint) {
        findings.unknown(stage, at(key), message, hint);
    }

    /** A fault that the original finds when it starts the machine; its sentence begins with more context. */
    void start(String key, String context, String message) {
        findings.fault(Stage.START, at(key), message, context + message);
    }

    /** A fault of which the original says something else. */
    void start(Problem problem, String sentence) {
        findings.fault(Stage.START, problem.path(), problem.message(), sentence);
    }

    void warning(String key, String message) {
        findings.warning(at(key), message);
    }

    String text(String key) {
        read.add(key);
        Value value = values.get(key).orElse(Value.nil());
        String text = scalar(value);
        if (text == null) {
            fault(Stage.DECODE, key, kind(value) + " was used where string is expected");
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
                fault(Stage.DECODE, key + "[" + i + "]", kind(items.get(i)) + " was used where string is expected");
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
            fault(Stage.DECODE, key, kind(value) + " was used where sequence is expected");
        }
        return List.of();
    }

    /** Whether a list is there and has items, of whatever kind. */
    boolean filled(String key) {
        return values.get(key)
                .filter(v -> v instanceof Value.Arr list && !list.items().isEmpty())
                .isPresent();
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
                findings.fault(Stage.DECODE, at, kind(items.get(i)) + " was used where mapping is expected");
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
            fault(Stage.DECODE, key, kind(value) + " was used where mapping is expected");
        }
        return Value.obj();
    }

    /** True or false; anything else is a fault. */
    boolean flag(String key) {
        read.add(key);
        return switch (values.get(key).orElse(Value.nil())) {
            case Value.Bool b -> b.value();
            case Value.Nil nil -> false;
            case Value other -> {
                fault(Stage.DECODE, key, kind(other) + " was used where bool is expected");
                yield false;
            }
        };
    }

    /** Whole seconds, fractions cut off. */
    long whole(String key) {
        Value value = values.get(key).orElse(Value.nil());
        String text = text(key);
        if (text.isEmpty()) {
            return 0;
        }
        if (value instanceof Value.Bool || !text.matches("[+-]?\\d{1,10}(\\.\\d{1,20})?")) {
            fault(Stage.DECODE, key, kind(value) + " was used where integer is expected");
            return 0;
        }
        return new BigDecimal(text).setScale(0, RoundingMode.DOWN).longValueExact();
    }

    /** Tells of what nobody read. */
    void rest() {
        for (String key : values.fields().keySet()) {
            if (!read.contains(key)) {
                warning(key, "unknown key '" + key + "' is ignored" + Nearest.hint(key, read));
            }
        }
    }

    private static String kind(Value value) {
        return switch (value) {
            case Value.Text t -> "string";
            case Value.Num n -> "number";
            case Value.Bool b -> "bool";
            case Value.Nil nil -> "null";
            case Value.Arr arr -> "sequence";
            case Value.Obj obj -> "mapping";
        };
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
