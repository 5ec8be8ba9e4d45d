package io.machineroom.ports.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An immutable tree of the six JSON kinds. Facts, claims, machine data and configuration cross ports
 * in this form, so no module needs a document library to look into them.
 */
public sealed interface Value {
    /** JSON null. */
    record Nil() implements Value {
        private static final Nil ONLY = new Nil();
    }

    /** JSON true or false. */
    record Bool(boolean value) implements Value {}

    /** A JSON number of any size; trailing zeros do not matter for equality. */
    record Num(BigDecimal value) implements Value {
        public Num {
            value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        }

        /** Whether the number has no fraction and fits 64 bits. */
        public boolean isLong() {
            return value.scale() <= 0 && value.precision() - value.scale() <= 19 && fits();
        }

        private boolean fits() {
            return value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                    && value.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
        }

        public long asLong() {
            return value.longValueExact();
        }

        public double asDouble() {
            return value.doubleValue();
        }
    }

    /** A JSON string. */
    record Text(String value) implements Value {}

    /** A JSON list. */
    record Arr(List<Value> items) implements Value {
        public Arr {
            items = List.copyOf(items);
        }
    }

    /** A JSON object; keys keep their order. */
    record Obj(Map<String, Value> fields) implements Value {
        public Obj {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        public Optional<Value> get(String key) {
            return Optional.ofNullable(fields.get(key));
        }

        /** The text at a key; empty when absent or of another kind. */
        public Optional<String> text(String key) {
            return fields.get(key) instanceof Text t ? Optional.of(t.value()) : Optional.empty();
        }

        /** The whole number at a key; empty when absent, of another kind, or not a 64-bit integer. */
        public Optional<Long> whole(String key) {
            return fields.get(key) instanceof Num n && n.isLong() ? Optional.of(n.asLong()) : Optional.empty();
        }

        public Optional<Boolean> bool(String key) {
            return fields.get(key) instanceof Bool b ? Optional.of(b.value()) : Optional.empty();
        }

        public Optional<Obj> obj(String key) {
            return fields.get(key) instanceof Obj o ? Optional.of(o) : Optional.empty();
        }

        /** The list at a key; empty list when absent or of another kind. */
        public List<Value> list(String key) {
            return fields.get(key) instanceof Arr a ? a.items() : List.of();
        }

        /** The texts of the list at a key; items of another kind are left out. */
        public List<String> texts(String key) {
            List<String> out = new ArrayList<>();
            for (Value item : list(key)) {
                if (item instanceof Text t) {
                    out.add(t.value());
                }
            }
            return List.copyOf(out);
        }

        /** A copy with one key set. */
        public Obj with(String key, Value value) {
            Map<String, Value> copy = new LinkedHashMap<>(fields);
            copy.put(key, value);
            return new Obj(copy);
        }

        /** A copy without one key. */
        public Obj without(String key) {
            Map<String, Value> copy = new LinkedHashMap<>(fields);
            copy.remove(key);
            return new Obj(copy);
        }
    }

    static Value nil() {
        return Nil.ONLY;
    }

    static Value bool(boolean value) {
        return new Bool(value);
    }

    static Value num(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    static Value num(double value) {
        return new Num(BigDecimal.valueOf(value));
    }

    static Value text(String value) {
        return new Text(value);
    }

    static Arr arr(Value... items) {
        return new Arr(List.of(items));
    }

    static Arr texts(List<String> items) {
        return new Arr(items.stream().map(Value::text).toList());
    }

    static Obj obj() {
        return new Obj(Map.of());
    }

    static Obj obj(String k1, Value v1) {
        return obj().with(k1, v1);
    }

    static Obj obj(String k1, Value v1, String k2, Value v2) {
        return obj(k1, v1).with(k2, v2);
    }

    static Obj obj(String k1, Value v1, String k2, Value v2, String k3, Value v3) {
        return obj(k1, v1, k2, v2).with(k3, v3);
    }

    static Obj obj(Map<String, Value> fields) {
        return new Obj(fields);
    }
}
