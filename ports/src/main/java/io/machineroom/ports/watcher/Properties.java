package io.machineroom.ports.watcher;

import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Typed reader of the {@code properties} of one watcher. Names match without regard to case; values
 * are converted as loosely as the format allows (numbers and booleans as text, one value as a list).
 * Faults are noted, not thrown, and what nobody read is unknown. One task uses it.
 */
public final class Properties {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False", "");

    private final Value.Obj values;
    private final String path;
    private final ToIntFunction<String> lineOf;
    private final Set<String> read = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> doubts = new ArrayList<>();
    private final List<Problem> undecodable = new ArrayList<>();

    /**
     * A reader.
     *
     * @param values the property map
     * @param path path of the map in its document, for problems
     * @param lineOf line of a path in its document
     */
    public Properties(Value.Obj values, String path, ToIntFunction<String> lineOf) {
        this.values = values;
        this.path = path;
        this.lineOf = lineOf;
    }

    /** Text; empty when absent. Numbers and booleans become text. */
    public Optional<String> text(String name) {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> text = GoValue.asText(value.get());
        if (text.isEmpty()) {
            unconvertible(name, field(name), "string", value.get());
        }
        return text;
    }

    /** Text that must be there and not empty; notes a problem and answers "" otherwise. */
    public String required(String name) {
        Optional<String> text = text(name);
        if (text.isEmpty() || text.get().isEmpty()) {
            problem(name, name + " is required");
            return "";
        }
        return text.get();
    }

    public boolean bool(String name, boolean fallback) {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            return fallback;
        }
        return switch (value.get()) {
            case Value.Bool b -> b.value();
            case Value.Num n -> n.value().signum() != 0;
            case Value.Text t when TRUE.contains(t.value()) -> true;
            case Value.Text t when FALSE.contains(t.value()) -> false;
            case Value.Nil nil -> fallback;
            default -> {
                notBoolean(name, value.get());
                yield fallback;
            }
        };
    }

    private void notBoolean(String name, Value value) {
        if (value instanceof Value.Text t) {
            String parsing = "strconv.ParseBool: parsing \"" + t.value() + "\": invalid syntax";
            undecodable(name, "cannot parse '" + field(name) + "' as bool: " + parsing);
        } else {
            unconvertible(name, field(name), "bool", value);
        }
    }

    /** A whole number within bounds, both included. */
    public long whole(String name, long fallback, long least, long most) {
        Optional<Value> value = find(name);
        if (value.isEmpty() || value.get() instanceof Value.Nil) {
            return fallback;
        }
        Optional<Long> number = GoValue.asWhole(value.get());
        if (number.isEmpty()) {
            notWhole(name, value.get());
            return fallback;
        }
        if (number.get() < least || number.get() > most) {
            problem(name, "must be a whole number from " + least + " to " + most);
            return fallback;
        }
        return number.get();
    }

    private void notWhole(String name, Value value) {
        if (value instanceof Value.Text t) {
            String parsing = "strconv.ParseInt: parsing \"" + t.value() + "\": invalid syntax";
            undecodable(name, "cannot parse '" + field(name) + "' as int: " + parsing);
        } else {
            unconvertible(name, field(name), "int", value);
        }
    }

    /** A duration in either grammar; a bare number counts nanoseconds, as in the original. */
    public Duration duration(String name, Duration fallback) {
        Optional<Value> value = find(name);
        if (value.isEmpty() || value.get() instanceof Value.Nil) {
            return fallback;
        }
        if (value.get() instanceof Value.Num n) {
            return nanos(name, n, fallback);
        }
        if (value.get() instanceof Value.Bool b) {
            return Duration.ofNanos(b.value() ? 1 : 0);
        }
        Optional<String> text = GoValue.asText(value.get());
        if (text.isEmpty()) {
            unconvertible(name, field(name), "time.Duration", value.get());
            return fallback;
        }
        try {
            return Durations.parse(text.get());
        } catch (IllegalArgumentException e) {
            undecodable(name, "error decoding '" + field(name) + "': " + e.getMessage());
            return fallback;
        }
    }

    private Duration nanos(String name, Value.Num number, Duration fallback) {
        if (number.value().abs().compareTo(java.math.BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            undecodable(name, "error decoding '" + field(name) + "': the number is too large for a duration");
            return fallback;
        }
        return Duration.ofNanos(number.value().longValue());
    }

    /** What the original calls the field that a property is decoded into. */
    private static String field(String name) {
        return name.isEmpty() || name.contains("_")
                ? name
                : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private void unconvertible(String name, String field, String type, Value value) {
        undecodable(
                name,
                "'" + field + "' expected type '" + type + "', got unconvertible type '" + GoValue.type(value)
                        + "', value: '" + GoValue.text(value) + "'");
    }

    /** Texts; a single value is a list of one; an empty map is an empty list. */
    public List<String> texts(String name) {
        Optional<Value> value = find(name);
        if (value.isEmpty() || value.get() instanceof Value.Nil) {
            return List.of();
        }
        List<Value> items = switch (value.get()) {
            case Value.Arr a -> a.items();
            case Value.Obj o when o.fields().isEmpty() -> List.of();
            case Value v -> List.of(v);
        };
        List<String> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Value item = items.get(i);
            String field = field(name) + "[" + i + "]";
            GoValue.asText(item).ifPresentOrElse(out::add, () -> unconvertible(name, field, "string", item));
        }
        return List.copyOf(out);
    }

    /** Texts by name. A list of maps counts as all of them in one, later ones win. */
    public Map<String, String> textMap(String name) {
        Map<String, String> out = new LinkedHashMap<>();
        find(name).ifPresent(value -> texts(name, field(name), value, out));
        return out;
    }

    private void texts(String name, String field, Value value, Map<String, String> out) {
        if (value instanceof Value.Obj map) {
            map.fields()
                    .forEach((key, item) -> GoValue.asText(item)
                            .ifPresentOrElse(
                                    text -> out.put(key, text),
                                    () -> unconvertible(name, field + "[" + key + "]", "string", item)));
        } else if (value instanceof Value.Arr list) {
            for (int i = 0; i < list.items().size(); i++) {
                texts(name, field + "[" + i + "]", list.items().get(i), out);
            }
        } else if (!(value instanceof Value.Nil)) {
            undecodable(name, "'" + field + "' expected a map, got '" + GoValue.kind(value) + "'");
        }
    }

    /** The raw value; counts as read. */
    public Optional<Value> value(String name) {
        return find(name);
    }

    /** Notes a fault of one property. */
    public void problem(String name, String message) {
        String at = name.isEmpty() ? path : path + "." + name;
        problems.add(new Problem(at, lineOf.applyAsInt(at), message));
    }

    /** Notes that a property can be read but will fail when it is used: a warning, as the machine is loaded. */
    public void doubt(String name, String message) {
        String at = name.isEmpty() ? path : path + "." + name;
        doubts.add(new Problem(at, lineOf.applyAsInt(at), message));
    }

    /** What will fail when it is used, so far. */
    public List<Problem> doubts() {
        return List.copyOf(doubts);
    }

    /** Notes that a value does not fit the kind of its property. */
    private void undecodable(String name, String message) {
        String at = path + "." + name;
        undecodable.add(new Problem(at, lineOf.applyAsInt(at), message));
    }

    /** All faults so far, with every property that nobody read. */
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>(faults());
        all.addAll(unknown());
        return List.copyOf(all);
    }

    /** The faults so far, without unknown properties. */
    public List<Problem> faults() {
        List<Problem> all = new ArrayList<>(undecodable);
        all.addAll(problems);
        return List.copyOf(all);
    }

    /** The faults so far of values that do not fit the kind of their property; they come before all others. */
    public List<Problem> undecoded() {
        return List.copyOf(undecodable);
    }

    /** The names that were asked for so far: what the kind of watcher knows, in order. */
    public List<String> known() {
        return List.copyOf(read);
    }

    /** Every property that nobody read. */
    public List<Problem> unknown() {
        List<Problem> all = new ArrayList<>();
        for (String name : values.fields().keySet()) {
            if (read.stream().noneMatch(name::equalsIgnoreCase)) {
                String at = path + "." + name;
                all.add(new Problem(at, lineOf.applyAsInt(at), "unknown property '" + name + "'"));
            }
        }
        return List.copyOf(all);
    }

    private Optional<Value> find(String name) {
        read.add(name);
        Optional<Value> exact = values.get(name);
        if (exact.isPresent()) {
            return exact;
        }
        return values.fields().entrySet().stream()
                .filter(e -> e.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
