package io.machineroom.domain.expression;

import io.machineroom.ports.data.Value;
import java.util.List;

/**
 * Formats as {@code printf} does: verbs {@code v s q d b o x X c U t T e E f F g G}, flags {@code + - # 0} and space, width
 * and precision, also as {@code *}. What does not fit shows in the text, as {@code %!d(string=x)}. Whole numbers are
 * taken by the verbs of fractions as well.
 */
final class GoFormat {
    private static final int MAX_WIDTH = 10_000;

    private final String format;
    private final List<Value> given;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    GoFormat(String format, List<Value> given, Budget budget) {
        this.format = format;
        this.given = given;
        this.budget = budget;
    }

    /** All in a row, with a space between two that are no texts. */
    static String print(List<Value> values, Budget budget) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            boolean gap = i > 0 && !(values.get(i) instanceof Value.Text) && !(values.get(i - 1) instanceof Value.Text);
            out.append(gap ? " " : "").append(Words.print(values.get(i), budget));
            budget.grown(out.length());
        }
        budget.length(out.length());
        return out.toString();
    }

    /** All with spaces between them, and the end of a line. */
    static String println(List<Value> values, Budget budget) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            out.append(i > 0 ? " " : "").append(Words.print(values.get(i), budget));
            budget.grown(out.length());
        }
        budget.length(out.length());
        return out.append('\n').toString();
    }

    /**
     * What stands between the percent sign and the verb.
     *
     * @param flags characters out of {@code +-# 0}
     * @param width least number of characters, 0 for none
     * @param precision -1 for none
     */
    record Spec(String flags, int width, int precision) {
        boolean has(char flag) {
            return flags.indexOf(flag) >= 0;
        }

        String pad(String text) {
            int missing = width - text.codePointCount(0, text.length());
            if (missing <= 0) {
                return text;
            }
            return has('-') ? text + " ".repeat(missing) : " ".repeat(missing) + text;
        }

        /** Zeros go behind the sign. */
        String padNumber(String text) {
            int missing = width - text.length();
            if (missing <= 0 || !has('0') || has('-')) {
                return pad(text);
            }
            boolean sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0;
            return (sign ? text.substring(0, 1) : "") + "0".repeat(missing) + text.substring(sign ? 1 : 0);
        }
    }

    String format() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            out.append(format, at, percent < 0 ? format.length() : percent);
            if (percent < 0) {
                break;
            }
            at = percent + 1;
            verb();
            budget.grown(out.length());
        }
        if (used < given.size()) {
            out.append("%!(EXTRA ");
            for (int i = used; i < given.size(); i++) {
                out.append(i > used ? ", " : "").append(typed(given.get(i)));
            }
            out.append(')');
        }
        budget.length(out.length());
        return out.toString();
    }

    private void verb() {
        int start = at;
        while (at < format.length() && "+-# 0".indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flags = format.substring(start, at);
        int width = amount(0);
        if (width < 0) {
            flags += "-";
            width = Math.abs(width);
        }
        int precision = -1;
        if (format.startsWith(".", at)) {
            at++;
            precision = Math.max(-1, amount(0));
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        Spec spec = new Spec(flags, width, precision);
        if (verb == '%') {
            out.append('%');
        } else if (used >= given.size()) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            Value value = given.get(used++);
            String text = GoVerbs.text(spec, verb, value, budget);
            out.append(text != null ? text : "%!" + Character.toString(verb) + "(" + typed(value) + ")");
        }
    }

    /** A number of the format, or of the next argument. */
    private int amount(int fallback) {
        if (format.startsWith("*", at)) {
            at++;
            boolean fits = used < given.size()
                    && given.get(used) instanceof Value.Num num
                    && num.isLong()
                    && Math.abs(num.asLong()) <= MAX_WIDTH;
            int amount = fits && given.get(used) instanceof Value.Num num ? (int) num.asLong() : fallback;
            used += used < given.size() ? 1 : 0;
            out.append(fits ? "" : "%!(BADWIDTH)");
            return amount;
        }
        int amount = fallback;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            amount = Math.min(MAX_WIDTH, amount * 10 + format.charAt(at) - '0');
            at++;
        }
        return amount;
    }

    private String typed(Value value) {
        return value instanceof Value.Nil ? "<nil>" : Words.type(value) + "=" + Words.print(value, budget);
    }
}
