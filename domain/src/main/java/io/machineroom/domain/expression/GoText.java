package io.machineroom.domain.expression;

import java.util.ArrayList;
import java.util.List;

/** Small habits of Go's texts that error messages and grammars of the original show. */
public final class GoText {
    private GoText() {}

    /** The text in double quotes, with what does not print escaped. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> quoteOne(out, c, '"'));
        return out.append('"').toString();
    }

    private static void quoteOne(StringBuilder out, int c, char quote) {
        switch (c) {
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (prints(c)) {
                    out.appendCodePoint(c);
                } else if (c < 0x80) {
                    out.append(String.format("\\x%02x", c));
                } else {
                    out.append(c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c));
                }
            }
        }
    }

    /** One character in single quotes. */
    static String quoteCharacter(int c) {
        StringBuilder out = new StringBuilder("'");
        quoteOne(out, c, '\'');
        return out.append('\'').toString();
    }

    private static boolean prints(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** Whether Go counts the character as white space. */
    static boolean isSpace(int c) {
        return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || (c > 0xff && Character.isSpaceChar(c));
    }

    /** The parts between white space; none is empty. */
    static List<String> fields(String text) {
        List<String> out = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean space = i == text.length() || isSpace(text.charAt(i));
            if (space && from >= 0) {
                out.add(text.substring(from, i));
                from = -1;
            } else if (!space && from < 0) {
                from = i;
            }
        }
        return out;
    }

    /**
     * The text without white space at both ends, as {@code strings.TrimSpace} counts it: no-break spaces and U+0085 too, the
     * separators U+001C to U+001F not.
     */
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The order of texts byte by byte in UTF-8, which is the order of their code points. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean pairs = Character.isSurrogate(x) != Character.isSurrogate(y);
                return pairs ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Line and column of an offset, both from 1, as {@code 2:7}. */
    static String place(String text, int at) {
        int end = Math.min(at, text.length());
        int line = 1;
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return line + ":" + (text.codePointCount(start, end) + 1);
    }
}
