package io.machineroom.domain.supervision;

import java.time.Duration;

/**
 * How services are restarted.
 *
 * @param firstDelay wait before the first restart, doubled each time; default 1 s
 * @param longestDelay bound of that wait; default 60 s
 * @param maxFailures failures without a quiet time between them after which a service is given up; at
 *     least 1, default 10
 * @param quietAfter a run of that length counts as healthy and forgets earlier failures; default 10 min
 */
public record SupervisorSettings(Duration firstDelay, Duration longestDelay, int maxFailures, Duration quietAfter) {
    public SupervisorSettings {
        if (maxFailures < 1 || firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("limits of a supervisor");
        }
    }

    public static SupervisorSettings defaults() {
        return new SupervisorSettings(Duration.ofSeconds(1), Duration.ofSeconds(60), 10, Duration.ofMinutes(10));
    }
}
