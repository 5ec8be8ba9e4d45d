package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;

/** A place in the text of a regular expression. */
final class RegexCursor {
    private final String text;
    private final String code;
    private int at;

    RegexCursor(String text, String code) {
        this.text = text;
        this.code = code;
    }

    /**
     * What letters in a group have set.
     *
     * @param fold whether case does not matter
     * @param dotAll whether the point is any character
     * @param lines whether the anchors are those of lines
     */
    record Flags(boolean fold, boolean dotAll, boolean lines) {}

    boolean end() {
        return at >= text.length();
    }

    boolean at(String what) {
        return text.startsWith(what, at);
    }

    boolean take(String what) {
        boolean found = at(what);
        at += found ? what.length() : 0;
        return found;
    }

    int next() {
        if (end()) {
            throw invalid("unexpected end", text);
        }
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    int index() {
        return at;
    }

    String between(int from, int to) {
        return text.substring(from, to);
    }

    String rest() {
        return text.substring(Math.min(at, text.length()));
    }

    String all() {
        return text;
    }

    /** The text up to an end, and goes behind it; the rest when there is none. */
    String upTo(String end) {
        int stop = text.indexOf(end, at);
        String found = text.substring(at, stop < 0 ? text.length() : stop);
        at = stop < 0 ? text.length() : stop + end.length();
        return found;
    }

    /** {@code {2}}, {@code {2,}} or {@code {2,5}} as two numbers, -1 for no end; empty when there is none of these. */
    int[] times() {
        int stop = at("{") ? text.indexOf('}', at) : -1;
        String inner = stop < 0 ? "" : text.substring(at + 1, stop);
        if (!inner.matches("\\d{1,6}(,\\d{0,6})?")) {
            return new int[0];
        }
        at = stop + 1;
        int comma = inner.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? inner : inner.substring(0, comma));
        String most = inner.substring(comma + 1);
        return new int[] {least, most.isEmpty() ? -1 : Integer.parseInt(most)};
    }

    /** Reads letters up to a colon or a closing bracket, which stay. */
    Flags flags(Flags before) {
        int start = at;
        boolean on = true;
        Flags flags = before;
        while (!end() && !at(":") && !at(")")) {
            int c = next();
            boolean set = on;
            switch (c) {
                case 'i' -> flags = new Flags(set, flags.dotAll(), flags.lines());
                case 's' -> flags = new Flags(flags.fold(), set, flags.lines());
                case 'm' -> flags = new Flags(flags.fold(), flags.dotAll(), set);
                case 'U' -> {
                    // which of two matches is the longer does not matter: only whether there is one
                }
                case '-' -> on = false;
                default -> throw invalid("invalid or unsupported Perl syntax", "(?" + text.substring(start, at));
            }
        }
        if (end()) {
            throw invalid("missing closing )", text);
        }
        return flags;
    }

    PortException.Refused invalid(String what, String where) {
        return new PortException.Refused(
                code, "error parsing regexp: " + what + (where.isEmpty() ? "" : ": `" + where + "`"));
    }
}
