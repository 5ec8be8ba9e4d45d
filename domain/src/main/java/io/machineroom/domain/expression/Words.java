package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/** How values print: whole numbers plainly, lists and maps in Go's forms. */
final class Words {
    /** Beyond that many digits a number keeps its exponent, so that nobody fills the memory with zeros. */
    private static final int MAX_DIGITS = 400;

    private Words() {}

    /** As {@code %v} prints it: nothing is {@code <nil>}. */
    static String print(Value value, Budget budget) {
        StringBuilder out = new StringBuilder();
        print(out, value, budget);
        budget.length(out.length());
        return out.toString();
    }

    private static void print(StringBuilder out, Value value, Budget budget) {
        budget.grown(out.length());
        switch (value) {
            case Value.Nil nil -> out.append("<nil>");
            case Value.Bool b -> out.append(b.value());
            case Value.Num n -> out.append(number(n.value()));
            case Value.Text t -> out.append(t.value());
            case Value.Arr a -> {
                out.append('[');
                List<Value> items = a.items();
                for (int i = 0; i < items.size(); i++) {
                    out.append(i == 0 ? "" : " ");
                    print(out, items.get(i), budget);
                }
                out.append(']');
            }
            case Value.Obj o -> {
                String separator = "map[";
                for (Map.Entry<String, Value> field : sorted(o).entrySet()) {
                    out.append(separator).append(field.getKey()).append(':');
                    print(out, field.getValue(), budget);
                    separator = " ";
                }
                out.append(o.fields().isEmpty() ? "map[]" : "]");
            }
        }
    }

    /** The fields in the order of their keys. */
    static Map<String, Value> sorted(Value.Obj fields) {
        Map<String, Value> out = new TreeMap<>(GoText::compare);
        out.putAll(fields.fields());
        return out;
    }

    /** Very small fractions keep Go's exponent. */
    static String number(BigDecimal number) {
        int digits = Math.max(number.precision() - number.scale(), number.scale());
        int exponent = number.precision() - number.scale() - 1;
        if (digits <= MAX_DIGITS && (exponent >= -4 || number.signum() == 0)) {
            return number.toPlainString();
        }
        String mantissa = new BigDecimal(number.unscaledValue(), number.precision() - 1).toPlainString();
        String size = Long.toString(Math.abs((long) exponent));
        return mantissa + (exponent < 0 ? "e-" : "e+") + (size.length() < 2 ? "0" : "") + size;
    }

    /** What Go calls the type of a value that came from JSON. */
    static String type(Value value) {
        return switch (value) {
            case Value.Nil nil -> "nil";
            case Value.Bool b -> "bool";
            case Value.Num n -> n.isLong() ? "int" : "float64";
            case Value.Text t -> "string";
            case Value.Arr a -> "[]interface {}";
            case Value.Obj o -> "map[string]interface {}";
        };
    }

    static String upper(String text) {
        return each(text, Character::toUpperCase);
    }

    static String lower(String text) {
        return each(text, Character::toLowerCase);
    }

    private static String each(String text, IntUnaryOperator change) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(change).forEach(out::appendCodePoint);
        return out.toString();
    }

    /** Words begin after what is no letter, digit or underscore; a point or an apostrophe between letters is inside. */
    static String title(String text) {
        int[] given = text.codePoints().toArray();
        StringBuilder out = new StringBuilder(text.length());
        boolean inside = false;
        for (int i = 0; i < given.length; i++) {
            int c = given[i];
            out.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            boolean between = "'’.:·".indexOf(c) >= 0
                    && inside
                    && i + 1 < given.length
                    && Character.isLetter(given[i - 1])
                    && Character.isLetter(given[i + 1]);
            inside = Character.isLetterOrDigit(c) || c == '_' || between || (inside && isMark(c));
        }
        return out.toString();
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}
