package io.machineroom.ports.watcher;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Durations as machine definitions write and print them. All are at most what 64 bits of nanoseconds hold, some 292
 * years, in both directions.
 */
public final class Durations {
    private static final long SECOND = 1_000_000_000L;
    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", SECOND,
            "m", 60 * SECOND,
            "h", 3_600 * SECOND);

    /** So that a text of a million digits costs nothing; 292 years are seven digits of hours. */
    private static final int MAX_LENGTH = 64;

    private Durations() {}

    /**
     * The grammar of properties: an optional sign and one or more numbers with a unit ({@code ns us ms s m h}), or
     * {@code 0}; or one number of days, weeks, months of 30 or years of 365 days ({@code d w M y}), cut to whole hours.
     * White space around it does not count.
     *
     * @throws IllegalArgumentException with the words of Go's standard library
     */
    public static Duration parse(String text) {
        String trimmed = trim(text);
        long hours = hoursOf(trimmed);
        return hours > 0 ? days(trimmed, hours) : Duration.ofNanos(plain(text, trimmed));
    }

    /**
     * The grammar of {@code interval} and {@code announce_interval}: the same, but empty is zero, and the last
     * character must be a unit, so that {@code 0} is refused.
     *
     * @throws IllegalArgumentException {@code invalid time unit …}, or with the words of Go's standard library
     */
    public static Duration parseInterval(String text) {
        String trimmed = trim(text);
        if (trimmed.isEmpty()) {
            return Duration.ZERO;
        }
        int last = trimmed.codePointBefore(trimmed.length());
        if (hoursOf(trimmed) == 0 && "sSmhH".indexOf(last) < 0) {
            throw new IllegalArgumentException("invalid time unit " + Character.toString(last));
        }
        return parse(trimmed);
    }

    /**
     * As Go prints it: {@code 1h0m0s}, {@code 2m0s}, {@code 1.5s}, {@code 500ms}, {@code 0s}.
     *
     * @throws ArithmeticException for one of more than 292 years
     */
    public static String print(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        BigDecimal rest = BigDecimal.valueOf(nanos).abs();
        int digits = rest.precision();
        if (digits <= 9) {
            int scale = (digits - 1) / 3 * 3;
            return sign + decimal(rest, scale) + (scale == 0 ? "ns" : scale == 3 ? "µs" : "ms");
        }
        BigDecimal[] minutes = rest.divideAndRemainder(BigDecimal.valueOf(60 * SECOND));
        long whole = minutes[0].longValueExact();
        String seconds = decimal(minutes[1], 9) + "s";
        if (whole >= 60) {
            return sign + whole / 60 + "h" + whole % 60 + "m" + seconds;
        }
        return whole > 0 ? sign + whole + "m" + seconds : sign + seconds;
    }

    private static String decimal(BigDecimal nanos, int scale) {
        BigDecimal number = nanos.movePointLeft(scale);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** Without the white space at both ends that Go counts as such: no-break spaces too, separators of data not. */
    private static String trim(String text) {
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

    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    private static long hoursOf(String text) {
        return switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 'd', 'D' -> 24;
            case 'w', 'W' -> 24 * 7;
            case 'M' -> 24 * 30;
            case 'y', 'Y' -> 24 * 365;
            default -> 0;
        };
    }

    private static Duration days(String text, long hoursEach) {
        String count = text.substring(0, text.length() - 1);
        if (text.length() > MAX_LENGTH || !count.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)")) {
            // The last letter may as well be the end of a text in the other grammar, such as 1d12d.
            throw count.matches("[+-]?[\\d.]+[^\\d.].*")
                    ? unknownUnit(count.replaceFirst("^[+-]?[\\d.]+", "").replaceFirst("[\\d.].*$", ""), text)
                    : invalid(text);
        }
        BigDecimal hours = new BigDecimal(count).multiply(BigDecimal.valueOf(hoursEach));
        if (hours.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE / UNITS.getOrDefault("h", 1L))) > 0) {
            throw invalid(text);
        }
        return Duration.ofHours(hours.longValue());
    }

    private static long plain(String original, String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return 0;
        }
        BigDecimal sum = BigDecimal.ZERO;
        int at = 0;
        do {
            int number = span(rest, at, true);
            String digits = rest.substring(at, number);
            if (digits.length() > MAX_LENGTH || !digits.matches("\\d+\\.?\\d*|\\.\\d+")) {
                throw notOne(original, digits, rest, number);
            }
            at = span(rest, number, false);
            String unit = rest.substring(number, at);
            if (unit.isEmpty()) {
                throw new IllegalArgumentException("time: missing unit in duration " + quote(original));
            }
            Long each = UNITS.get(unit);
            if (each == null) {
                throw unknownUnit(unit, original);
            }
            sum = sum.add(new BigDecimal(
                    new BigDecimal(digits).multiply(BigDecimal.valueOf(each)).toBigInteger()));
        } while (at < rest.length());
        sum = negative ? sum.negate() : sum;
        if (sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                || sum.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0) {
            throw invalid(original);
        }
        return sum.longValueExact();
    }

    /** A second point ends the number, and there it is the unit that is missing. */
    private static IllegalArgumentException notOne(String original, String digits, String rest, int end) {
        boolean points = digits.matches("\\d+\\.\\d*\\..*|\\.\\d+\\..*") && digits.length() <= MAX_LENGTH;
        return points && end <= rest.length()
                ? new IllegalArgumentException("time: missing unit in duration " + quote(original))
                : invalid(original);
    }

    private static int span(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length()
                && (text.charAt(at) == '.' || (text.charAt(at) >= '0' && text.charAt(at) <= '9')) == digits) {
            at++;
        }
        return at;
    }

    private static IllegalArgumentException unknownUnit(String unit, String text) {
        return new IllegalArgumentException("time: unknown unit " + quote(unit) + " in duration " + quote(text));
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration " + quote(text));
    }

    /** Go's clock quotes byte by byte: what is not plain ASCII shows in hexadecimal. */
    private static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        String shown = text.length() > 4 * MAX_LENGTH ? text.substring(0, 4 * MAX_LENGTH) + "..." : text;
        for (byte b : shown.getBytes(StandardCharsets.UTF_8)) {
            if (b < ' ' || b == 0x7f) {
                out.append(String.format("\\x%02x", b & 0xff));
            } else {
                out.append(b == '"' || b == '\\' ? "\\" : "").append((char) b);
            }
        }
        return out.append('"').toString();
    }
}
