package io.machineroom.domain.expression;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Layouts of times as Go writes them, by the example of 2 January 2006, 15:04:05. */
final class GoLayouts {
    private static final int MAX_LENGTH = 200;

    /** What is tried when no layout is given. */
    private static final List<String> USUAL = List.of(
            "2006-01-02",
            "15:04:05",
            "2006-01-02 15:04:05",
            "2006-01-02T15:04:05Z07:00",
            "02 Jan 06 15:04 MST",
            "Monday, 02-Jan-06 15:04:05 MST",
            "Mon, 02 Jan 2006 15:04:05 MST");

    /** Parts of layouts, longer ones first, and what the JDK calls them. */
    private static final List<String[]> PARTS = List.of(
            new String[] {"January", "MMMM"},
            new String[] {"Jan", "MMM"},
            new String[] {"Monday", "EEEE"},
            new String[] {"Mon", "EEE"},
            new String[] {"MST", "zzz"},
            new String[] {"2006", "uuuu"},
            new String[] {"Z07:00", "X".repeat(3)},
            new String[] {"Z0700", "XX"},
            new String[] {"-07:00", "xxx"},
            new String[] {"-0700", "xx"},
            new String[] {"01", "MM"},
            new String[] {"02", "dd"},
            new String[] {"03", "hh"},
            new String[] {"04", "mm"},
            new String[] {"05", "ss"},
            new String[] {"06", "uu"},
            new String[] {"15", "HH"},
            new String[] {"PM", "a"},
            new String[] {".000000000", ".SSSSSSSSS"},
            new String[] {".000000", ".SSSSSS"},
            new String[] {".000", ".SSS"},
            new String[] {"_2", "ppd"},
            new String[] {"1", "M"},
            new String[] {"2", "d"},
            new String[] {"3", "h"});

    private GoLayouts() {}

    /**
     * A formatter.
     *
     * @throws DateTimeException when the layout is too long
     */
    static DateTimeFormatter formatter(String layout) {
        if (layout.length() > MAX_LENGTH) {
            throw new DateTimeException("a layout of more than " + MAX_LENGTH + " characters");
        }
        DateTimeFormatterBuilder out = new DateTimeFormatterBuilder().parseCaseInsensitive();
        int at = 0;
        while (at < layout.length()) {
            Optional<String[]> part = part(layout, at);
            if (part.isPresent()) {
                out.appendPattern(part.get()[1]);
                at += part.get()[0].length();
            } else {
                out.appendLiteral(layout.charAt(at++));
            }
        }
        return out.toFormatter(Locale.ENGLISH);
    }

    private static Optional<String[]> part(String layout, int at) {
        return PARTS.stream().filter(p -> layout.startsWith(p[0], at)).findFirst();
    }

    /**
     * Reads a time; what a layout does not have is the first moment.
     *
     * @param layout empty for the usual ones
     * @throws DateTimeException when it fits none
     */
    static ZonedDateTime parse(String text, String layout, ZoneId zone) {
        if (!layout.isEmpty()) {
            return moment(formatter(layout).parse(text), zone);
        }
        for (String usual : USUAL) {
            DateTimeFormatter formatter =
                    usual.contains("T15") ? DateTimeFormatter.ISO_OFFSET_DATE_TIME : formatter(usual);
            java.text.ParsePosition end = new java.text.ParsePosition(0);
            boolean fits = formatter.parseUnresolved(text, end) != null && end.getIndex() == text.length();
            if (fits) {
                return moment(formatter.parse(text), zone);
            }
        }
        throw new DateTimeException("invalid date " + text);
    }

    private static ZonedDateTime moment(TemporalAccessor parsed, ZoneId zone) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId own = parsed.query(TemporalQueries.zone());
        return ZonedDateTime.of(
                date == null ? LocalDate.of(0, 1, 1) : date,
                time == null ? LocalTime.MIDNIGHT : time,
                own == null ? zone : own);
    }
}
