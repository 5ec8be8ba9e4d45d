package io.machineroom.app.config;

import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One part of {@code link.max_rate}.
 *
 * @param from first moment of the day, local time
 * @param to end, not part of it; equal to {@code from} for the whole day
 * @param bytesPerSecond at least 1,024
 */
public record RateText(LocalTime from, LocalTime to, long bytesPerSecond) {
    private static final Pattern PART = Pattern.compile("(?:([0-9:]+)-([0-9:]+)\\s+)?(\\S+)");
    private static final long LEAST = 1_024;
    private static final int MOST = 24;

    /**
     * Reads {@code 08:00-18:00 64KiB, 1MiB}.
     *
     * @throws IllegalArgumentException with the sentence for people
     */
    public static List<RateText> read(String text) {
        List<RateText> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher m = PART.matcher(part.strip());
            if (!m.matches() || all.size() == MOST) {
                throw new IllegalArgumentException("'" + text
                        + "' is no rate; write 64KiB, or windows as 08:00-18:00 64KiB with commas between them, at most "
                        + MOST);
            }
            long bytes = ConfigValues.bytes(m.group(3));
            if (bytes < LEAST) {
                throw new IllegalArgumentException("'" + part.strip() + "' is less than 1KiB a second");
            }
            LocalTime from = m.group(1) == null ? LocalTime.MIDNIGHT : time(m.group(1));
            all.add(new RateText(from, m.group(2) == null ? LocalTime.MIDNIGHT : time(m.group(2)), bytes));
        }
        return all;
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of the day; write 08:00", e);
        }
    }
}
