package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into tokens. */
final class ExpressionLexer {
    private static final List<String> OPERATORS = List.of(
            "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",",
            "(", ")", "[", "]");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    ExpressionLexer(String text) {
        this.text = text;
    }

    /**
     * One token.
     *
     * @param kind what it is
     * @param text word or operator as written
     * @param value the literal
     * @param at position from 0
     */
    record Token(Kind kind, String text, Value value, int at) {
        boolean is(String wanted) {
            return (kind == Kind.OPERATOR || kind == Kind.WORD) && text.equals(wanted);
        }
    }

    enum Kind {
        WORD,
        LITERAL,
        OPERATOR,
        END
    }

    List<Token> tokens() {
        while (skip()) {
            char c = text.charAt(at);
            if (Character.isLetter(c) || c == '_') {
                word();
            } else if (Character.isDigit(c)
                    || (c == '.' && at + 1 < text.length() && Character.isDigit(text.charAt(at + 1)))) {
                number();
            } else if (c == '"' || c == '\'' || c == '`') {
                quoted(c);
            } else {
                operator();
            }
        }
        tokens.add(new Token(Kind.END, "the end", Value.nil(), at));
        return tokens;
    }

    private boolean skip() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at);
                at = end < 0 ? text.length() : end + 2;
            } else {
                return true;
            }
        }
        return false;
    }

    private void word() {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        tokens.add(new Token(Kind.WORD, text.substring(from, at), Value.nil(), from));
    }

    private void number() {
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || ".+-_".indexOf(text.charAt(at)) >= 0)) {
            char c = text.charAt(at);
            boolean exponent = at > from && "eE".indexOf(text.charAt(at - 1)) >= 0 && !text.startsWith("0x", from);
            if ((c == '+' || c == '-') && !exponent) {
                break;
            }
            if (c == '.' && (at + 1 >= text.length() || !Character.isDigit(text.charAt(at + 1)))) {
                break;
            }
            at++;
        }
        String digits = text.substring(from, at).replace("_", "");
        try {
            tokens.add(new Token(Kind.LITERAL, digits, new Value.Num(parse(digits)), from));
        } catch (NumberFormatException e) {
            throw new PortException.Refused("expression.invalid", "'" + digits + "' is no number (1:" + from + ")", e);
        }
    }

    private static BigDecimal parse(String digits) {
        if (digits.length() > 2 && digits.charAt(0) == '0' && Character.isLetter(digits.charAt(1))) {
            int radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'o', 'O' -> 8;
                case 'b', 'B' -> 2;
                default -> throw new NumberFormatException(digits);
            };
            return new BigDecimal(new BigInteger(digits.substring(2), radix));
        }
        return new BigDecimal(digits);
    }

    private void quoted(char quote) {
        int from = at++;
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                tokens.add(new Token(Kind.LITERAL, "text", Value.text(out.toString()), from));
                return;
            }
            if (c == '\\' && quote != '`' && at < text.length()) {
                escape(out);
            } else {
                out.append(c);
            }
        }
        throw new PortException.Refused("expression.invalid", "a text is not closed (1:" + from + ")");
    }

    private void escape(StringBuilder out) {
        char c = text.charAt(at++);
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case '\\', '"', '\'' -> out.append(c);
            case 'u' -> {
                String code = text.substring(at, Math.min(text.length(), at + 4));
                if (!code.matches("[0-9a-fA-F]{4}")) {
                    throw new PortException.Refused("expression.invalid", "\\u needs four hex digits (1:" + at + ")");
                }
                at += 4;
                out.append((char) Integer.parseInt(code, 16));
            }
            default ->
                throw new PortException.Refused(
                        "expression.invalid", "the escape \\" + c + " is not known (1:" + at + ")");
        }
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                tokens.add(new Token(Kind.OPERATOR, operator, Value.nil(), at));
                at += operator.length();
                return;
            }
        }
        throw new PortException.Refused(
                "expression.invalid", "'" + text.charAt(at) + "' is not supported (1:" + at + ")");
    }
}
