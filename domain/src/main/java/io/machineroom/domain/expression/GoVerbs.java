package io.machineroom.domain.expression;

import io.machineroom.domain.expression.GoFormat.Spec;
import io.machineroom.ports.data.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What single verbs of a format make of single values. */
final class GoVerbs {
    /** Digits before the point that a number may be written out with. */
    private static final int MAX_DIGITS = 400;

    private GoVerbs() {}

    /** Null when the verb is not for the value. */
    static @Nullable String text(Spec spec, int verb, Value value, Budget budget) {
        if (verb == 'v') {
            return value instanceof Value.Num num ? plain(spec, num) : spec.pad(Words.print(value, budget));
        }
        if (verb == 'T') {
            return spec.pad(value instanceof Value.Nil ? "<nil>" : Words.type(value));
        }
        return switch (value) {
            case Value.Text text -> text(spec, verb, text.value());
            case Value.Bool bool -> verb == 't' ? spec.pad(Boolean.toString(bool.value())) : null;
            case Value.Num num -> number(spec, verb, num.value());
            case Value.Nil nil -> null;
            case Value.Arr list -> parts(spec, verb, list, budget);
            case Value.Obj fields -> verb == 's' ? spec.pad(Words.print(fields, budget)) : null;
        };
    }

    private static @Nullable String parts(Spec spec, int verb, Value.Arr list, Budget budget) {
        StringBuilder out = new StringBuilder("[");
        for (Value item : list.items()) {
            String one = text(spec, verb, item, budget);
            if (one == null) {
                String shown = item instanceof Value.Nil ? "<nil>" : Words.type(item) + "=" + Words.print(item, budget);
                one = "%!" + Character.toString(verb) + "(" + shown + ")";
            }
            out.append(out.length() > 1 ? " " : "").append(one);
            budget.grown(out.length());
        }
        return out.append(']').toString();
    }

    private static @Nullable String text(Spec spec, int verb, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (verb) {
            case 's' -> spec.pad(cut(spec, text));
            case 'q' ->
                spec.pad(
                        spec.has('#') && text.indexOf('`') < 0 && text.chars().allMatch(c -> c >= ' ' || c == '\t')
                                ? "`" + cut(spec, text) + "`"
                                : GoText.quote(cut(spec, text)));
            case 'x' -> spec.pad(HexFormat.of().formatHex(bytes));
            case 'X' -> spec.pad(HexFormat.of().withUpperCase().formatHex(bytes));
            default -> null;
        };
    }

    private static String cut(Spec spec, String text) {
        boolean longer = spec.precision() >= 0 && text.codePointCount(0, text.length()) > spec.precision();
        return longer ? text.substring(0, text.offsetByCodePoints(0, spec.precision())) : text;
    }

    private static String plain(Spec spec, Value.Num num) {
        boolean plus = spec.has('+') && num.value().signum() >= 0;
        return spec.padNumber((plus ? "+" : "") + Words.number(num.value()));
    }

    private static @Nullable String number(Spec spec, int verb, BigDecimal number) {
        if ("eEfFgG".indexOf(verb) >= 0) {
            return fraction(spec, verb, number);
        }
        boolean whole = number.scale() <= 0 && number.precision() - number.scale() <= MAX_DIGITS;
        if (!whole) {
            return null;
        }
        BigInteger integer = number.toBigInteger();
        return switch (verb) {
            case 'd' -> signed(spec, integer, "", 10, false);
            case 'b' -> signed(spec, integer, spec.has('#') ? "0b" : "", 2, false);
            case 'o' -> signed(spec, integer, spec.has('#') ? "0" : "", 8, false);
            case 'O' -> signed(spec, integer, "0o", 8, false);
            case 'x' -> signed(spec, integer, spec.has('#') ? "0x" : "", 16, false);
            case 'X' -> signed(spec, integer, spec.has('#') ? "0X" : "", 16, true);
            case 'c' -> spec.pad(Character.toString(character(integer)));
            case 'q' -> spec.pad(GoText.quoteCharacter(character(integer)));
            case 'U' -> spec.pad(String.format("U+%04X", character(integer)));
            default -> null;
        };
    }

    private static int character(BigInteger integer) {
        boolean valid = integer.signum() >= 0 && integer.bitLength() <= 21;
        return valid && Character.isValidCodePoint(integer.intValue()) ? integer.intValue() : 0xfffd;
    }

    private static String signed(Spec spec, BigInteger number, String prefix, int radix, boolean upper) {
        String digits = number.abs().toString(radix);
        if (spec.precision() > digits.length()) {
            digits = "0".repeat(spec.precision() - digits.length()) + digits;
        }
        return spec.padNumber(
                sign(spec, number.signum() < 0) + prefix + (upper ? digits.toUpperCase(Locale.ROOT) : digits));
    }

    private static String sign(Spec spec, boolean negative) {
        return negative ? "-" : spec.has('+') ? "+" : spec.has(' ') ? " " : "";
    }

    private static String fraction(Spec spec, int verb, BigDecimal number) {
        boolean huge = Math.abs((long) number.precision() - number.scale()) > MAX_DIGITS;
        String text = switch (verb) {
            case 'f', 'F' ->
                huge && number.signum() != 0
                        ? exponent(number, 6, 'e')
                        : number.abs()
                                .setScale(spec.precision() < 0 ? 6 : spec.precision(), RoundingMode.HALF_EVEN)
                                .toPlainString();
            case 'e', 'E' -> exponent(number, spec.precision() < 0 ? 6 : spec.precision(), (char) verb);
            default -> general(number, spec.precision(), verb == 'g' ? 'e' : 'E');
        };
        return spec.padNumber(sign(spec, number.signum() < 0) + text);
    }

    /** One digit before the point, and as many behind it as asked for. */
    private static String exponent(BigDecimal number, int digits, char mark) {
        BigDecimal rounded = number.abs().round(new java.math.MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int power = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String mantissa = new BigDecimal(rounded.unscaledValue(), rounded.precision() - 1)
                .setScale(digits, RoundingMode.UNNECESSARY)
                .toPlainString();
        String size = Integer.toString(Math.abs(power));
        return mantissa + mark + (power < 0 ? "-" : "+") + (size.length() < 2 ? "0" : "") + size;
    }

    private static String general(BigDecimal number, int precision, char mark) {
        BigDecimal rounded = precision < 0
                ? number.abs()
                : number.abs().round(new java.math.MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN));
        BigDecimal brief = rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
        int power = brief.precision() - brief.scale() - 1;
        int most = precision < 0 ? 21 : Math.max(1, precision);
        if (brief.signum() != 0 && (power < -4 || power >= most)) {
            return exponent(brief, brief.precision() - 1, mark);
        }
        return brief.toPlainString();
    }
}
