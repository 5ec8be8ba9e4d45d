package io.machineroom.domain.watcher;

import io.machineroom.ports.watcher.Durations;
import java.time.Duration;

/** Durations as Go prints them: {@code 1h0m0s}, {@code 2m0s}, {@code 1.5s}, {@code 500ms}. */
public final class DurationText {
    private DurationText() {}

    /** The text of a duration of less than 292 years. */
    public static String of(Duration duration) {
        return Durations.print(duration);
    }
}
