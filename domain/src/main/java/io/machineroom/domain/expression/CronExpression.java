package io.machineroom.domain.expression;

import io.machineroom.ports.PortException;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Five fields that say when something is due: minute, hour, day of month, month, day of week. Names of months and days
 * are known in any case, Sunday is 0 only. When the day of month or the day of week has a {@code *} both must match,
 * otherwise one of them is enough. Immutable; read once.
 *
 * <p>It is about what the clock on the wall shows: an hour that is left out in spring has no due times, and what is due
 * in an hour that comes twice in autumn is due twice.
 */
public final class CronExpression {
    private static final int YEARS = 5;
    private static final CronField.Bounds MINUTES = new CronField.Bounds(0, 59, List.of());
    private static final CronField.Bounds HOURS = new CronField.Bounds(0, 23, List.of());
    private static final CronField.Bounds DAYS = new CronField.Bounds(1, 31, List.of());
    private static final CronField.Bounds MONTHS = new CronField.Bounds(
            1, 12, List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"));
    private static final CronField.Bounds WEEKDAYS =
            new CronField.Bounds(0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    private final String text;
    private final CronField minutes;
    private final CronField hours;
    private final CronField days;
    private final CronField months;
    private final CronField weekdays;

    private CronExpression(String text, List<String> fields) {
        this.text = text;
        this.minutes = CronField.parse(fields.get(0), MINUTES);
        this.hours = CronField.parse(fields.get(1), HOURS);
        this.days = CronField.parse(fields.get(2), DAYS);
        this.months = CronField.parse(fields.get(3), MONTHS);
        this.weekdays = CronField.parse(fields.get(4), WEEKDAYS);
    }

    /**
     * Reads a line such as {@code 0 1-5/2 * jan mon,fri}.
     *
     * @throws PortException.Refused {@code cron.invalid} with the words of the original
     */
    public static CronExpression parse(String text) {
        if (text.isEmpty()) {
            throw new PortException.Refused("cron.invalid", "Empty spec string");
        }
        List<String> fields = GoText.fields(text);
        if (fields.size() != 5) {
            throw new PortException.Refused(
                    "cron.invalid", "Expected exactly 5 fields, found " + fields.size() + ": " + text);
        }
        return new CronExpression(text, fields);
    }

    /**
     * The first due minute strictly after an instant, in the same zone; empty when there is none until the end of the
     * fifth year after it, as for {@code 0 0 31 2 *}. Looks at no more than some thousand days.
     */
    public Optional<ZonedDateTime> next(ZonedDateTime after) {
        int lastYear = after.getYear() + YEARS;
        ZonedDateTime at = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        while (at.getYear() <= lastYear) {
            if (!isDay(at.toLocalDate())) {
                at = at.toLocalDate().plusDays(1).atStartOfDay(at.getZone());
            } else if (!hours.has(at.getHour())) {
                at = nextHour(at);
            } else if (!minutes.has(at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    /** One minute at a time where the clock is set in between, since it need not be set by whole hours. */
    private static ZonedDateTime nextHour(ZonedDateTime at) {
        ZonedDateTime full = at.plusMinutes(60L - at.getMinute());
        return full.getOffset().equals(at.getOffset()) ? full : at.plusMinutes(1);
    }

    private boolean isDay(LocalDate date) {
        if (!months.has(date.getMonthValue())) {
            return false;
        }
        boolean day = days.has(date.getDayOfMonth());
        boolean weekday = weekdays.has(date.getDayOfWeek().getValue() % 7);
        return days.star() || weekdays.star() ? day && weekday : day || weekday;
    }

    /** As it was read. */
    @Override
    public String toString() {
        return text;
    }
}
