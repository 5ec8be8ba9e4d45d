package io.machineroom.domain.flow;

import java.time.LocalTime;
import java.util.List;
import java.util.OptionalLong;

/**
 * How many bytes a second may be sent at which time of the day. Of several windows that hold a time the first counts; outside of all of
 * them there is no bound.
 *
 * @param windows in the order of their rank
 */
public record RateSchedule(List<Window> windows) {
    /** No bound at any time. */
    public static final RateSchedule FREE = new RateSchedule(List.of());

    /** Smallest rate, in bytes a second: what keeps receipts and pings alive. */
    public static final long LEAST = 1_024;

    public RateSchedule {
        windows = List.copyOf(windows);
    }

    /**
     * A part of each day.
     *
     * @param from first moment, local time
     * @param to end, not part of it; equal to {@code from} for the whole day, before it for over midnight
     * @param bytesPerSecond at least {@value #LEAST}
     */
    public record Window(LocalTime from, LocalTime to, long bytesPerSecond) {
        public Window {
            if (bytesPerSecond < LEAST) {
                throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
            }
        }

        boolean holds(LocalTime time) {
            boolean begun = !time.isBefore(from);
            boolean going = time.isBefore(to);
            return from.isBefore(to) ? begun && going : begun || going || from.equals(to);
        }
    }

    /** Bytes a second at that time; empty for as many as the line takes. */
    OptionalLong at(LocalTime time) {
        return windows.stream()
                .filter(window -> window.holds(time))
                .mapToLong(Window::bytesPerSecond)
                .findFirst();
    }
}
