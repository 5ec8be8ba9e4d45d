package io.machineroom.ports.watcher;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How the original converts what its YAML reader made, and names and prints what does not fit (spec 1.8). */
final class GoValue {
    private GoValue() {}

    static String type(Value value) {
        return switch (value) {
            case Value.Arr list -> "[]interface {}";
            case Value.Obj map -> "map[string]interface {}";
            default -> kind(value);
        };
    }

    static String kind(Value value) {
        return switch (value) {
            case Value.Arr list -> "slice";
            case Value.Obj map -> "map";
            case Value.Text text -> "string";
            case Value.Bool bool -> "bool";
            case Value.Num number when !number.isLong() -> "float64";
            case Value.Num number -> number.asLong() < 0 ? "int64" : "uint64";
            case Value.Nil nil -> "invalid";
        };
    }

    static String text(Value value) {
        return switch (value) {
            case Value.Arr list -> list.items().stream().map(GoValue::text).collect(Collectors.joining(" ", "[", "]"));
            case Value.Obj map ->
                new TreeMap<>(map.fields())
                        .entrySet().stream()
                                .map(field -> field.getKey() + ":" + text(field.getValue()))
                                .collect(Collectors.joining(" ", "map[", "]"));
            case Value.Text text -> text.value();
            case Value.Bool bool -> String.valueOf(bool.value());
            case Value.Num number -> number.value().toPlainString();
            case Value.Nil nil -> "<nil>";
        };
    }

    /** As a text, where the original converts it. */
    static Optional<String> asText(Value value) {
        return switch (value) {
            case Value.Text t -> Optional.of(t.value());
            case Value.Num n -> Optional.of(n.value().toPlainString());
            case Value.Bool b -> Optional.of(b.value() ? "1" : "0");
            case Value.Nil nil -> Optional.of("");
            case Value.Arr arr -> Optional.empty();
            case Value.Obj obj -> Optional.empty();
        };
    }

    /** As a whole number, where the original converts it: fractions are cut. */
    static Optional<Long> asWhole(Value value) {
        return switch (value) {
            case Value.Num n
            when n.value().abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0 ->
                Optional.of(n.value().longValue());
            case Value.Bool b -> Optional.of(b.value() ? 1L : 0L);
            case Value.Text t when t.value().isEmpty() -> Optional.of(0L);
            case Value.Text t when t.value().matches("[+-]?\\d{1,18}") -> Optional.of(Long.parseLong(t.value()));
            default -> Optional.empty();
        };
    }
}
