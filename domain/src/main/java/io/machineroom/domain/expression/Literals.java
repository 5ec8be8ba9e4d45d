package io.machineroom.domain.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/** Numbers and texts as both languages write them. */
final class Literals {
    private static final int MAX_DIGITS = 400;

    private Literals() {}

    /** A literal is written in a way that does not exist. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Where a number that begins at a place ends.
     *
     * @param range whether two dots behind digits are an operator
     */
    static int numberEnd(String text, int from, boolean range) {
        int at = from;
        String prefix = text.substring(from, Math.min(text.length(), from + 2)).toLowerCase(Locale.ROOT);
        boolean hexadecimal = prefix.equals("0x");
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean sign =
                    (c == '+' || c == '-') && at > from && !hexadecimal && "eE".indexOf(text.charAt(at - 1)) >= 0;
            boolean dots = range && c == '.' && text.startsWith(".", at + 1);
            if (dots || !(sign || c == '.' || c == '_' || isAsciiLetterOrDigit(c))) {
                break;
            }
            at++;
        }
        return at;
    }

    private static boolean isAsciiLetterOrDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The value of digits in Go's forms: {@code 12 0x1f 0o17 0b11 1_000 1.5e3}. */
    static BigDecimal number(String written) throws Malformed {
        String digits = written.replace("_", "").toLowerCase(Locale.ROOT);
        String sign = digits.startsWith("-") ? "-" : "";
        String plain = digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
        if (plain.length() > MAX_DIGITS || written.endsWith("_")) {
            throw new Malformed("bad number syntax: " + GoText.quote(written));
        }
        if (plain.matches("0x[0-9a-f]+|0o[0-7]+|0b[01]+")) {
            int radix = plain.charAt(1) == 'x' ? 16 : plain.charAt(1) == 'o' ? 8 : 2;
            return new BigDecimal(new BigInteger(sign + plain.substring(2), radix));
        }
        if (!plain.matches("(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d{1,4})?")) {
            throw new Malformed("bad number syntax: " + GoText.quote(written));
        }
        return new BigDecimal(sign + plain);
    }

    /**
     * What stands between the quotes of a text.
     *
     * @param inner without the quotes, with escapes
     */
    static String unescape(String inner) throws Malformed {
        StringBuilder out = new StringBuilder(inner.length());
        int at = 0;
        while (at < inner.length()) {
            char c = inner.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = at < inner.length() ? inner.charAt(at++) : 0;
            int digits = switch (escape) {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                case '0', '1', '2', '3' -> 3;
                default -> 0;
            };
            if (digits == 0) {
                out.append(simple(escape));
            } else if (digits == 3) {
                out.appendCodePoint(code(inner, at - 1, 3, 8));
                at += 2;
            } else {
                out.appendCodePoint(code(inner, at, digits, 16));
                at += digits;
            }
        }
        return out.toString();
    }

    private static char simple(char escape) throws Malformed {
        return switch (escape) {
            case 'a' -> 7;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 11;
            case '\\', '"', '\'', '`' -> escape;
            default -> throw new Malformed("the escape \\" + escape + " is not known");
        };
    }

    private static int code(String text, int from, int digits, int radix) throws Malformed {
        String code = text.substring(from, Math.min(text.length(), from + digits));
        if (!code.matches(radix == 8 ? "[0-7]{3}" : "[0-9a-fA-F]{" + digits + "}")) {
            throw new Malformed("an escape needs " + digits + " digits");
        }
        long value = Long.parseLong(code, radix);
        if (!Character.isValidCodePoint((int) value) || value > Character.MAX_CODE_POINT) {
            throw new Malformed("an escape names no character");
        }
        return (int) value;
    }

    /** The closing quote of the text that opens at a place; -1 when there is none. */
    static int quoteEnd(String text, int open) {
        char quote = text.charAt(open);
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '`') {
                i++;
            } else if (c == quote) {
                return i;
            }
        }
        return -1;
    }
}
