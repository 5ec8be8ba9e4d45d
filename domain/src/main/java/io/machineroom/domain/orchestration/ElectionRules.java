package io.machineroom.domain.orchestration;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * How often members of an election campaign, and how long a win counts, by the time to live of the bucket. All members must
 * have the same rules: a winner waits until a leader of before can no longer think that it leads.
 *
 * @param timeToLive of the key
 * @param interval between two campaigns, when there is no policy
 * @param policy spreads campaigns by the number of tries that failed
 * @param lease how long after a renewal a leader leads without the next one; shorter than the time to live
 */
record ElectionRules(Duration timeToLive, Duration interval, Optional<Backoff> policy, Duration lease) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * The rules of a bucket.
     *
     * @throws PortException.Refused {@code bucket.ttl}, {@code election.interval}
     */
    static ElectionRules of(Duration timeToLive, Optional<Backoff> policy) {
        if (timeToLive.compareTo(SECOND) < 0) {
            throw new PortException.Refused("bucket.ttl", "bucket TTL should be 1 second or more");
        }
        if (timeToLive.compareTo(HOUR) > 0) {
            throw new PortException.Refused("bucket.ttl", "bucket TTL should be less than or equal to 1 hour");
        }
        ElectionRules rules = unchecked(timeToLive, policy);
        if (rules.interval().compareTo(SECOND) < 0) {
            throw new PortException.Refused(
                    "election.interval", "campaign interval " + Durations.print(rules.interval()) + " too small");
        }
        // who renews every half second needs no second in reserve
        if (policy.isEmpty() && timeToLive.minus(rules.interval()).compareTo(SECOND) < 0) {
            throw new PortException.Refused(
                    "election.interval",
                    "campaign interval " + Durations.print(rules.interval()) + " is too close to bucket ttl "
                            + Durations.print(timeToLive));
        }
        return rules;
    }

    /** For tests that cannot wait for seconds. */
    static ElectionRules unchecked(Duration timeToLive, Optional<Backoff> policy) {
        Duration interval = timeToLive.multipliedBy(3).dividedBy(4);
        Duration longest =
                policy.map(p -> p.plain(0).multipliedBy(3).dividedBy(2)).orElse(interval);
        Duration rest = timeToLive.minus(longest).multipliedBy(4).dividedBy(5);
        return new ElectionRules(
                timeToLive, interval, policy, longest.plus(rest.compareTo(PATIENCE) < 0 ? rest : PATIENCE));
    }

    /** The wait after a campaign, by the number of tries that failed one after another. */
    Duration pause(int tries, Entropy entropy) {
        return policy.map(p -> p.delay(tries, entropy)).orElse(interval);
    }
}
