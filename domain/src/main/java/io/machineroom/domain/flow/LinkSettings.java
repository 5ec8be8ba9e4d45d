package io.machineroom.domain.flow;

import java.time.Duration;

/**
 * How a link is kept.
 *
 * @param failoverAfter how long the preferred way must fail before the next takes over; 0 s to 10 min,
 *     default 5 s
 * @param probeInterval how often the preferred way is tried while another is in use; 1 s to 1 h, default
 *     15 s
 * @param reconnectSpread a link that is lost is made anew after a random part of this time, so that the many nodes of one server
 *     do not come back at the same moment; 0 s to 10 min, default 2 s
 */
public record LinkSettings(Duration failoverAfter, Duration probeInterval, Duration reconnectSpread) {
    public static final Duration DEFAULT_FAILOVER_AFTER = Duration.ofSeconds(5);
    public static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(15);

    public static final Duration DEFAULT_RECONNECT_SPREAD = Duration.ofSeconds(2);

    public LinkSettings {
        if (failoverAfter.isNegative() || probeInterval.toMillis() < 1 || reconnectSpread.isNegative()) {
            throw new IllegalArgumentException(
                    "failover " + failoverAfter + ", probe " + probeInterval + ", spread " + reconnectSpread);
        }
    }

    public static LinkSettings defaults() {
        return new LinkSettings(DEFAULT_FAILOVER_AFTER, DEFAULT_PROBE_INTERVAL, DEFAULT_RECONNECT_SPREAD);
    }
}
