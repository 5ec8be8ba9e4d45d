package io.machineroom.app.codec;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers of documents, bounded: {@code 1e999999999} is short to write and endless to print. */
final class Numbers {
    static final int MAX_CHARACTERS = 256;
    private static final int MAX_EXPONENT = 1_000;
    static final String BOUNDS =
            "a number has at most " + MAX_CHARACTERS + " characters and an exponent of at most " + MAX_EXPONENT;

    private Numbers() {}

    /** The number; null when it is none or beyond the bounds. */
    static @Nullable BigDecimal parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return null;
        }
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        String exponent = e < 0 ? "0" : text.substring(e + 1);
        try {
            if (exponent.length() > 8 || Math.abs(Integer.parseInt(exponent)) > MAX_EXPONENT) {
                return null;
            }
            return new BigDecimal(text);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    /** Without an exponent where that is readable. */
    static String print(BigDecimal number) {
        int digits = number.precision() - number.scale();
        return digits <= 21 && digits > -6 ? number.toPlainString() : number.toString();
    }
}
