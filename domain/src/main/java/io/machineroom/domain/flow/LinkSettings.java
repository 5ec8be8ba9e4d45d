package io.machineroom.domain.flow;

import java.time.Duration;

/**
 * How a link is kept.
 *
 * @param failoverAfter how long the preferred way must fail before the next takes over; 0 s to 10 min,
 *     default 5 s
 * @param probeInterval how often the preferred way is tried while another is in use; 1 s to 1 h, default
 *     15 s
 */
public record LinkSettings(Duration failoverAfter, Duration probeInterval) {
    public static final Duration DEFAULT_FAILOVER_AFTER = Duration.ofSeconds(5);
    public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(15);

    public LinkSettings {
        if (failoverAfter.isNegative() || probeInterval.toMillis() < 1) {
            throw new IllegalArgumentException("failover " + failoverAfter + ", probe " + probeInterval);
        }
    }

    public static LinkSettings defaults() {
        return new LinkSettings(DEFAULT_FAILOVER_AFTER, DEFAULT_PROBE_INTERVAL);
    }
}
