package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.List;

/** Cuts a template into plain text and the tokens of its actions. */
final class TemplateLexer {
    /** More tokens than any sensible template has. */
    private static final int MAX_TOKENS = 100_000;

    private static final String SPACE = " \t\r\n";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    TemplateLexer(String text) {
        this.text = text;
    }

    enum Kind {
        TEXT,
        OPEN,
        CLOSE,
        WORD,
        FIELD,
        DOT,
        VARIABLE,
        STRING,
        NUMBER,
        CHARACTER,
        MARK,
        END
    }

    /**
     * One token.
     *
     * @param text what it says: names without their dot, texts as written with quotes
     * @param at offset
     * @param spaced whether white space stands before it
     */
    record Token(Kind kind, String text, int at, boolean spaced) {
        boolean is(String mark) {
            return kind == Kind.MARK && text.equals(mark);
        }
    }

    List<Token> tokens() {
        boolean trim = false;
        while (true) {
            int open = text.indexOf("{{", at);
            String plain = text.substring(at, open < 0 ? text.length() : open);
            plain = trim ? trimStart(plain) : plain;
            boolean trimBefore = open >= 0 && isTrimMark(open + 2);
            plain = trimBefore ? trimEnd(plain) : plain;
            if (!plain.isEmpty()) {
                add(Kind.TEXT, plain, at, false);
            }
            if (open < 0) {
                add(Kind.END, "EOF", text.length(), false);
                return tokens;
            }
            at = open + 2 + (trimBefore ? 2 : 0);
            trim = action(open, trimBefore);
        }
    }

    private boolean isTrimMark(int from) {
        return text.startsWith("-", from) && from + 1 < text.length() && SPACE.indexOf(text.charAt(from + 1)) >= 0;
    }

    private boolean action(int open, boolean trimmed) {
        int start = trimmed ? skip(at) : at;
        if (text.startsWith("/*", start)) {
            return comment(start);
        }
        add(Kind.OPEN, "{{", open, false);
        while (true) {
            int from = at;
            at = skip(at);
            boolean spaced = at > from;
            if (spaced && text.startsWith("-}}", at)) {
                return close(3, true);
            }
            if (text.startsWith("}}", at)) {
                return close(2, false);
            }
            if (at >= text.length()) {
                throw invalid(text, open, "unclosed action");
            }
            token(spaced);
        }
    }

    private boolean close(int length, boolean trim) {
        add(Kind.CLOSE, "}}", at, false);
        at += length;
        return trim;
    }

    private boolean comment(int start) {
        int end = text.indexOf("*/", start + 2);
        if (end < 0) {
            throw invalid(text, start, "unclosed comment");
        }
        at = end + 2;
        int space = skip(at);
        if (space > at && text.startsWith("-}}", space)) {
            at = space + 3;
            return true;
        }
        if (!text.startsWith("}}", at)) {
            throw invalid(text, start, "comment ends before closing delimiter");
        }
        at += 2;
        return false;
    }

    private void token(boolean spaced) {
        int from = at;
        char c = text.charAt(at);
        if (c == '"' || c == '`' || c == '\'') {
            quoted(c, spaced);
        } else if (c == '.' && !isDigit(at + 1)) {
            at = wordEnd(at + 1);
            add(at == from + 1 ? Kind.DOT : Kind.FIELD, text.substring(from + 1, at), from, spaced);
        } else if (c == '$') {
            at = wordEnd(at + 1);
            add(Kind.VARIABLE, text.substring(from, at), from, spaced);
        } else if (isDigit(at) || c == '.' || c == '+' || c == '-') {
            at = Literals.numberEnd(text, c == '+' || c == '-' ? at + 1 : at, false);
            add(Kind.NUMBER, text.substring(from, at), from, spaced);
        } else if (wordEnd(at) > at) {
            at = wordEnd(at);
            add(Kind.WORD, text.substring(from, at), from, spaced);
        } else if (text.startsWith(":=", at)) {
            at += 2;
            add(Kind.MARK, ":=", from, spaced);
        } else if ("|(),=".indexOf(c) >= 0) {
            at++;
            add(Kind.MARK, String.valueOf(c), from, spaced);
        } else {
            throw invalid(text, at, "unexpected " + GoText.quoteCharacter(text.codePointAt(at)) + " in an action");
        }
    }

    private void quoted(char quote, boolean spaced) {
        int end = Literals.quoteEnd(text, at);
        boolean broken = quote != '`' && end >= 0 && text.substring(at, end).indexOf('\n') >= 0;
        if (end < 0 || broken) {
            String what = quote == '\'' ? "character constant" : quote == '`' ? "raw quoted string" : "quoted string";
            throw invalid(text, at, "unterminated " + what);
        }
        add(quote == '\'' ? Kind.CHARACTER : Kind.STRING, text.substring(at, end + 1), at, spaced);
        at = end + 1;
    }

    private void add(Kind kind, String what, int from, boolean spaced) {
        if (tokens.size() >= MAX_TOKENS) {
            throw invalid(text, from, "more than " + MAX_TOKENS + " words");
        }
        tokens.add(new Token(kind, what, from, spaced));
    }

    private boolean isDigit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && (text.charAt(end) == '_' || Character.isLetterOrDigit(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    private int skip(int from) {
        int end = from;
        while (end < text.length() && SPACE.indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private static String trimStart(String plain) {
        int from = 0;
        while (from < plain.length() && SPACE.indexOf(plain.charAt(from)) >= 0) {
            from++;
        }
        return plain.substring(from);
    }

    private static String trimEnd(String plain) {
        int to = plain.length();
        while (to > 0 && SPACE.indexOf(plain.charAt(to - 1)) >= 0) {
            to--;
        }
        return plain.substring(0, to);
    }

    static PortException.Refused invalid(String text, int at, String what) {
        return new PortException.Refused("template.invalid", "template:" + GoText.place(text, at) + ": " + what);
    }
}
