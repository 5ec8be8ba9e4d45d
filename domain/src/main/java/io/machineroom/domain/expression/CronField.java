package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import java.util.List;
import java.util.Locale;

/**
 * One of the five fields of a cron line.
 *
 * @param bits bit n is set when the value n matches
 * @param star whether a part of it began with {@code *} or {@code ?}
 */
record CronField(long bits, boolean star) {
    /**
     * What a field may hold.
     *
     * @param least smallest value
     * @param most largest value
     * @param names names in order, lower case; the first one means {@code least}
     */
    record Bounds(int least, int most, List<String> names) {}

    boolean has(int value) {
        return (bits >>> value & 1) == 1;
    }

    static CronField parse(String field, Bounds bounds) {
        long bits = 0;
        boolean star = false;
        for (String part : field.split(",", -1)) {
            if (!part.isEmpty()) {
                CronField one = range(part, bounds);
                bits |= one.bits;
                star |= one.star;
            }
        }
        return new CronField(bits, star);
    }

    private static CronField range(String text, Bounds bounds) {
        String[] steps = text.split("/", -1);
        String[] ends = steps[0].split("-", -1);
        boolean star = ends[0].equals("*") || ends[0].equals("?");
        long from = bounds.least();
        long to = bounds.most();
        if (!star) {
            from = value(ends[0], bounds);
            to = ends.length == 1 ? from : ends.length == 2 ? value(ends[1], bounds) : to;
            if (ends.length > 2) {
                throw invalid("Too many hyphens: " + text);
            }
        }
        if (steps.length > 2) {
            throw invalid("Too many slashes: " + text);
        }
        long step = steps.length == 1 ? 1 : number(steps[1]);
        if (steps.length == 2 && ends.length == 1) {
            to = bounds.most();
        }
        check(text, bounds, from, to);
        if (step == 0) {
            throw invalid("Step of range should be a positive number: " + text);
        }
        long bits = 0;
        for (long at = from; at <= to; at += Math.min(step, 64)) {
            bits |= 1L << at;
        }
        return new CronField(bits, star);
    }

    private static void check(String text, Bounds bounds, long from, long to) {
        if (from < bounds.least()) {
            throw invalid("Beginning of range (" + from + ") below minimum (" + bounds.least() + "): " + text);
        }
        if (to > bounds.most()) {
            throw invalid("End of range (" + to + ") above maximum (" + bounds.most() + "): " + text);
        }
        if (from > to) {
            throw invalid("Beginning of range (" + from + ") beyond end of range (" + to + "): " + text);
        }
    }

    private static long value(String text, Bounds bounds) {
        int named = bounds.names().indexOf(text.toLowerCase(Locale.ROOT));
        return named < 0 ? number(text) : bounds.least() + named;
    }

    private static long number(String text) {
        boolean digits = text.matches("[+-]?[0-9]+");
        long number;
        try {
            number = digits ? Long.parseLong(text) : 0;
        } catch (NumberFormatException e) {
            throw new PortException.Refused("cron.invalid", notRead(text, "value out of range"), e);
        }
        if (!digits) {
            throw invalid(notRead(text, "invalid syntax"));
        }
        if (number < 0) {
            throw invalid("Negative number (" + number + ") not allowed: " + text);
        }
        return number;
    }

    private static String notRead(String text, String why) {
        return "Failed to parse int from " + text + ": strconv.Atoi: parsing " + GoText.quote(text) + ": " + why;
    }

    private static PortException.Refused invalid(String message) {
        return new PortException.Refused("cron.invalid", message);
    }
}
