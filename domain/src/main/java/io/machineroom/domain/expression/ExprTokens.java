package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The tokens of an expression, and the place that is read. */
final class ExprTokens {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_TOKENS = 4_000;
    private static final List<String> OPERATORS = List.of(
            "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "..", "**", "<", ">", "!", "+", "-", "*", "/", "%", "^",
            "?", ":", ".", ",", "(", ")", "[", "]", "{", "}", "|", ";", "=");

    private final String text;
    private List<Token> tokens = new ArrayList<>();
    private int at;
    private int current;

    ExprTokens(String text) {
        this.text = text;
        if (text.length() > MAX_LENGTH) {
            throw new PortException.Refused(
                    "expression.invalid", "an expression of more than " + MAX_LENGTH + " characters");
        }
        read();
    }

    /**
     * One token.
     *
     * @param text word or operator as written
     * @param value the literal
     * @param at offset
     */
    record Token(Kind kind, String text, Value value, int at) {
        boolean is(String wanted) {
            return (kind == Kind.OPERATOR || kind == Kind.WORD) && text.equals(wanted);
        }

        @Override
        public String toString() {
            String name = switch (kind) {
                case WORD -> "Identifier";
                case NUMBER -> "Number";
                case STRING -> "String";
                case OPERATOR -> "()[]{}".contains(text) ? "Bracket" : "Operator";
                case END -> "EOF";
            };
            return kind == Kind.END ? name : name + "(" + GoText.quote(text) + ")";
        }
    }

    enum Kind {
        WORD,
        NUMBER,
        STRING,
        OPERATOR,
        END
    }

    /** All is read: only the text is still needed, to show where something failed. */
    void done() {
        tokens = List.of();
    }

    Token peek() {
        return tokens.get(current);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(current + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        current += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    boolean take(String wanted) {
        boolean found = peek().is(wanted);
        current += found ? 1 : 0;
        return found;
    }

    void expect(String wanted) {
        if (!take(wanted)) {
            throw unexpected();
        }
    }

    PortException.Refused unexpected() {
        return invalid(peek().at(), "unexpected token " + peek());
    }

    PortException.Refused invalid(int where, String what) {
        return new PortException.Refused("expression.invalid", what + " (" + GoText.place(text, where) + ")");
    }

    PortException.Refused failed(int where, String what) {
        return new PortException.Refused("expression.failed", what + " (" + GoText.place(text, where) + ")");
    }

    private void read() {
        while (skip()) {
            int from = at;
            char c = text.charAt(at);
            if (Character.isLetter(c) || c == '_' || c == '$') {
                at = wordEnd(at + 1);
                add(Kind.WORD, text.substring(from, at), Value.nil(), from);
            } else if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
                at = Literals.numberEnd(text, at, true);
                add(Kind.NUMBER, text.substring(from, at), number(from), from);
            } else if (c == '"' || c == '\'' || c == '`') {
                quoted();
            } else if (c == '#') {
                at = wordEnd(at + 1);
                add(Kind.OPERATOR, text.substring(from, at), Value.nil(), from);
            } else {
                operator();
            }
        }
        add(Kind.END, "", Value.nil(), at);
    }

    private void add(Kind kind, String what, Value value, int from) {
        if (tokens.size() >= MAX_TOKENS) {
            throw invalid(from, "more than " + MAX_TOKENS + " words");
        }
        tokens.add(new Token(kind, what, value, from));
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

    private boolean skip() {
        while (at < text.length()) {
            if (GoText.isSpace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw invalid(at, "unclosed comment");
                }
                at = end + 2;
            } else {
                return true;
            }
        }
        return false;
    }

    private Value number(int from) {
        String written = text.substring(from, at);
        try {
            BigDecimal number = Literals.number(written);
            if (!isFraction(written) && !new Value.Num(number).isLong()) {
                throw invalid(from, "integer literal is too large");
            }
            return new Value.Num(number);
        } catch (Literals.Malformed e) {
            throw new PortException.Refused(
                    "expression.invalid", e.getMessage() + " (" + GoText.place(text, from) + ")", e);
        }
    }

    /** Whether digits are written as a fraction, even when they are a whole number. */
    static boolean isFraction(String written) {
        return !written.matches("0[xX].*") && written.matches(".*[.eE].*");
    }

    private void quoted() {
        int from = at;
        char quote = text.charAt(at);
        int end = Literals.quoteEnd(text, at);
        if (end < 0) {
            throw invalid(from, "literal not terminated");
        }
        String inner = text.substring(at + 1, end);
        at = end + 1;
        try {
            String plain = quote == '`' ? inner : Literals.unescape(inner);
            add(Kind.STRING, plain, Value.text(plain), from);
        } catch (Literals.Malformed e) {
            throw new PortException.Refused(
                    "expression.invalid", e.getMessage() + " (" + GoText.place(text, from) + ")", e);
        }
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                add(Kind.OPERATOR, operator, Value.nil(), at);
                at += operator.length();
                return;
            }
        }
        throw invalid(
                at,
                "unrecognized character: " + String.format("U+%04X ", text.codePointAt(at))
                        + GoText.quoteCharacter(text.codePointAt(at)));
    }
}
