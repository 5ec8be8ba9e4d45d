package io.machineroom.domain.orchestration;

import io.machineroom.domain.flow.Backoff;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a member takes part in.
 *
 * @param key name of the election
 * @param candidate name of the member, the value of the key while it leads
 * @param policy spreads campaigns; empty: every three quarters of the bucket's time to live
 * @param splayed whether the first campaign waits up to five seconds, so that members that start at once do not meet
 * @param metrics what the names of metrics begin with
 * @param labels of metrics besides election and identity
 */
public record ElectionPlan(
        String key,
        String candidate,
        Optional<Backoff> policy,
        boolean splayed,
        String metrics,
        Map<String, String> labels) {
    public ElectionPlan {
        labels = Map.copyOf(labels);
    }

    /**
     * How long somebody must have seen a revision of the key, by its own clock, until whoever wrote it neither leads by it nor is
     * about to renew it: the key has outlived its member, and may be removed at that revision. The server would have removed it by
     * then, were stamp and judgement of one clock.
     *
     * @param timeToLive of the bucket
     */
    public Duration abandonedAfter(Duration timeToLive) {
        return timeToLive.plus(ElectionRules.unchecked(timeToLive, policy).lease());
    }

    /** By the bucket's time to live, as Choria's own members do. */
    public static ElectionPlan of(String key, String candidate) {
        return new ElectionPlan(key, candidate, Optional.empty(), true, "choria_", Map.of());
    }
}
