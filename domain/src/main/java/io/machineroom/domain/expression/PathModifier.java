package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a path may make of a value. Null is nothing, as before so after. */
enum PathModifier {
    PRETTY,
    UGLY,
    THIS,
    VALID,
    REVERSE,
    FLATTEN,
    JOIN,
    KEYS,
    VALUES,
    TOSTR,
    FROMSTR,
    GROUP,
    DIG;

    static Optional<PathModifier> named(String name) {
        for (PathModifier modifier : values()) {
            if (modifier.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(modifier);
            }
        }
        return Optional.empty();
    }

    /** All but {@link #DIG}, which needs a walk. */
    @Nullable Value apply(@Nullable Value value, String argument, Budget budget) {
        if (value == null) {
            return switch (this) {
                case KEYS, VALUES, DIG -> Value.arr();
                case TOSTR -> Value.text("");
                default -> null;
            };
        }
        return switch (this) {
            case UGLY, THIS, VALID, DIG -> value;
            case PRETTY -> option(argument, "sortKeys") ? sorted(value, budget) : value;
            case REVERSE -> reversed(value);
            case FLATTEN -> value instanceof Value.Arr list ? flat(list, option(argument, "deep"), budget) : value;
            case JOIN -> value instanceof Value.Arr list ? joined(list, option(argument, "preserve")) : value;
            case KEYS -> keys(value);
            case VALUES -> values(value);
            case TOSTR -> Value.text(JsonText.write(value, budget));
            case FROMSTR -> fromText(value, budget);
            case GROUP -> value instanceof Value.Obj fields ? grouped(fields, budget) : null;
        };
    }

    private static boolean option(String argument, String name) {
        try {
            return !argument.isEmpty()
                    && JsonText.read(argument) instanceof Value.Obj options
                    && options.bool(name).orElse(false);
        } catch (JsonText.Malformed e) {
            // an argument that is no JSON sets no option, as in the original
            return false;
        }
    }

    private static Value sorted(Value value, Budget budget) {
        budget.spend(1);
        return switch (value) {
            case Value.Arr list ->
                new Value.Arr(list.items().stream().map(i -> sorted(i, budget)).toList());
            case Value.Obj fields -> {
                Map<String, Value> out = new TreeMap<>(GoText::compare);
                fields.fields().forEach((key, item) -> out.put(key, sorted(item, budget)));
                yield Value.obj(out);
            }
            default -> value;
        };
    }

    private static Value reversed(Value value) {
        if (value instanceof Value.Arr list) {
            return new Value.Arr(list.items().reversed());
        }
        if (value instanceof Value.Obj fields) {
            Map<String, Value> out = new LinkedHashMap<>();
            List<String> keys = new ArrayList<>(fields.fields().keySet());
            Collections.reverse(keys);
            keys.forEach(key -> out.put(key, fields.get(key).orElseThrow()));
            return Value.obj(out);
        }
        return value;
    }

    private static Value.Arr flat(Value.Arr list, boolean deep, Budget budget) {
        List<Value> out = new ArrayList<>();
        for (Value item : list.items()) {
            budget.spend(1);
            if (item instanceof Value.Arr inner) {
                out.addAll(deep ? flat(inner, true, budget).items() : inner.items());
            } else {
                out.add(item);
            }
        }
        return new Value.Arr(out);
    }

    /** With {@code preserve} the first of equal keys stays, otherwise the last. */
    private static Value joined(Value.Arr list, boolean preserve) {
        Map<String, Value> out = new LinkedHashMap<>();
        for (Value item : list.items()) {
            if (item instanceof Value.Obj fields) {
                fields.fields().forEach(preserve ? out::putIfAbsent : out::put);
            }
        }
        return Value.obj(out);
    }

    private static Value keys(Value value) {
        return switch (value) {
            case Value.Obj fields -> Value.texts(List.copyOf(fields.fields().keySet()));
            case Value.Arr list ->
                new Value.Arr(list.items().stream().map(i -> Value.nil()).toList());
            default -> Value.arr(Value.nil());
        };
    }

    private static Value values(Value value) {
        return switch (value) {
            case Value.Obj fields -> new Value.Arr(List.copyOf(fields.fields().values()));
            case Value.Arr list -> list;
            default -> Value.arr(value);
        };
    }

    private static @Nullable Value fromText(Value value, Budget budget) {
        String text = value instanceof Value.Text t ? t.value() : JsonText.write(value, budget);
        budget.length(text.length());
        try {
            return JsonText.read(text);
        } catch (JsonText.Malformed e) {
            // what is no JSON is nothing: paths have no errors
            return null;
        }
    }

    private static Value grouped(Value.Obj fields, Budget budget) {
        List<Map<String, Value>> out = new ArrayList<>();
        fields.fields().forEach((key, value) -> {
            if (value instanceof Value.Arr list) {
                for (int i = 0; i < list.items().size(); i++) {
                    budget.spend(1);
                    if (i == out.size()) {
                        out.add(new LinkedHashMap<>());
                    }
                    out.get(i).put(key, list.items().get(i));
                }
            }
        });
        return new Value.Arr(out.stream().<Value>map(Value::obj).toList());
    }
}
