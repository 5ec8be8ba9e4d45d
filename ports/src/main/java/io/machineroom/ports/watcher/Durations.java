package io.machineroom.ports.watcher;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two ways to write a duration (spec 1.9): plain, as in {@code 1h30m}, and extended, where one number with
 * {@code d}, {@code w}, {@code M} (30 days) or {@code y} (365 days) stands for whole hours. Both are stateless.
 */
public interface Durations {
    /** The longest duration that is understood: about 292 years. */
    Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /**
     * The plain way: an optional sign and numbers with {@code ns us µs ms s m h}, or {@code 0} alone.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    static Duration plain(String given) {
        boolean negative = given.startsWith("-");
        String rest = negative || given.startsWith("+") ? given.substring(1) : given;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        String quoted = "\"" + given + "\"";
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("time: invalid duration " + quoted);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = Parts.PLAIN.matcher(rest);
        for (int at = 0; at < rest.length(); at = part.end()) {
            if (!part.region(at, rest.length()).lookingAt()) {
                throw new IllegalArgumentException("time: invalid duration " + quoted);
            }
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(each(part.group(2), quoted)));
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("time: invalid duration " + quoted);
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    /**
     * The extended way: spaces around do not matter, nothing is zero, and the last letter decides.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    static Duration extended(String given) {
        String text = given.strip();
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        char last = text.charAt(text.length() - 1);
        long hours = Parts.hours(last);
        if (hours == 0) {
            if ("sSmhH".indexOf(last) < 0) {
                throw new IllegalArgumentException("invalid time unit " + last);
            }
            return plain(text);
        }
        String number = text.substring(0, text.length() - 1);
        if (!Parts.NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("invalid number '" + number + "' in duration \"" + given + "\"");
        }
        BigDecimal product = new BigDecimal(number).multiply(BigDecimal.valueOf(hours));
        if (product.abs().compareTo(BigDecimal.valueOf(LONGEST.toHours())) > 0) {
            throw new IllegalArgumentException("the duration \"" + given + "\" is longer than 292 years");
        }
        return Duration.ofHours(product.longValue());
    }

    /**
     * Either way, for properties: what the plain way does not take may be written the extended way.
     *
     * @throws IllegalArgumentException what the plain way says
     */
    static Duration either(String given) {
        try {
            return plain(given);
        } catch (IllegalArgumentException e) {
            String text = given.strip();
            if (text.isEmpty() || !(Parts.hours(text.charAt(text.length() - 1)) > 0)) {
                throw e;
            }
            try {
                return extended(text);
            } catch (IllegalArgumentException neither) {
                e.addSuppressed(neither);
                throw e;
            }
        }
    }

    private static BigDecimal each(String unit, String quoted) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("time: missing unit in duration " + quoted);
        }
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1L;
                    case "us", "µs", "μs" -> 1_000L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default ->
                        throw new IllegalArgumentException(
                                "time: unknown unit \"" + unit + "\" in duration " + quoted);
                });
    }

    /** The pieces both ways are made of. */
    final class Parts {
        private static final Pattern PLAIN = Pattern.compile("(\\d{1,20}(?:\\.\\d{0,40})?|\\.\\d{1,40})([^0-9.]*)");
        private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d{1,20}(?:\\.\\d{0,40})?|\\.\\d{1,40})");

        private Parts() {}

        private static long hours(char unit) {
            return switch (unit) {
                case 'd', 'D' -> 24;
                case 'w', 'W' -> 24 * 7;
                case 'M' -> 24 * 30;
                case 'y', 'Y' -> 24 * 365;
                default -> 0;
            };
        }
    }
}
