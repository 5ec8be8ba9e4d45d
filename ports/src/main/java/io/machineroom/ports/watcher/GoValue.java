package io.machineroom.ports.watcher;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the original converts what its YAML reader made, and names and prints what does not fit (spec 1.8). */
final class GoValue {
    private static final int MOST_DIGITS = 80;
    private static final Pattern NUMBER = Pattern.compile(
            "([+-]?)(0[xX]_?(?=.)|0[bB]_?(?=.)|0[oO]_?(?=.)|0_?(?=.)|)([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)");

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
            case Value.Text t -> t.value().isEmpty() ? Optional.of(0L) : whole(t.value());
            default -> Optional.empty();
        };
    }

    /** As Go reads a number that may name its base: {@code 0x1f}, {@code 0o17}, {@code 017}, {@code 0b11}, {@code 1_000}. */
    private static Optional<Long> whole(String text) {
        Matcher parts = NUMBER.matcher(text);
        if (!parts.matches() || text.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        String prefix = parts.group(2).toLowerCase(Locale.ROOT).replace("_", "");
        int base = switch (prefix) {
            case "0x" -> 16;
            case "0b" -> 2;
            case "" -> 10;
            default -> 8;
        };
        String digits = parts.group(3).replace("_", "");
        try {
            BigInteger number = new BigInteger(parts.group(1) + (digits.isEmpty() ? "0" : digits), base);
            return number.bitLength() < Long.SIZE ? Optional.of(number.longValue()) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // a digit that the base does not have
        }
    }
}
