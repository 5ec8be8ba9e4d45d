package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How values print in templates: numbers plainly, null as nothing, lists and maps in Go's forms. */
final class Words {
    /** Beyond that many digits a number keeps its exponent, so that nobody fills the memory with zeros. */
    private static final int MAX_DIGITS = 400;

    private Words() {}

    static String print(Value value) {
        return switch (value) {
            case Value.Nil nil -> "";
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.Num n -> number(n.value());
            case Value.Text t -> t.value();
            case Value.Arr a -> a.items().stream().map(Words::print).collect(Collectors.joining(" ", "[", "]"));
            case Value.Obj o ->
                new TreeMap<>(o.fields())
                        .entrySet().stream().map(Words::pair).collect(Collectors.joining(" ", "map[", "]"));
        };
    }

    static String number(java.math.BigDecimal number) {
        int digits = Math.max(number.precision() - number.scale(), number.scale());
        return digits > MAX_DIGITS ? number.toString() : number.toPlainString();
    }

    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            boolean letter = Character.isLetterOrDigit(c) || c == '\'' || c == '_';
            String one = Character.toString(c);
            out.append(inside ? one.toLowerCase(Locale.ROOT) : one.toUpperCase(Locale.ROOT));
            inside = letter;
        }
        return out.toString();
    }

    private static String pair(Map.Entry<String, Value> entry) {
        return entry.getKey() + ":" + print(entry.getValue());
    }
}
