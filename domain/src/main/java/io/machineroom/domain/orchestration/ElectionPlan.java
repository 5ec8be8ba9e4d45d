package io.machineroom.domain.orchestration;

import io.machineroom.domain.flow.Backoff;
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

    /** By the bucket's time to live, as Choria's own members do. */
    public static ElectionPlan of(String key, String candidate) {
        return new ElectionPlan(key, candidate, Optional.empty(), true, "choria_", Map.of());
    }
}
