package io.machineroom.domain.orchestration;

import io.machineroom.ports.kv.Bucket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the bucket for the key of an election. Each campaign is a task of its own.
 *
 * @param ruling makes rules of a time to live
 */
record Campaigns(ElectionPlan plan, ElectionPorts.Supply buckets, Function<Duration, ElectionRules> ruling) {
    /** What the task of an election waits for. */
    sealed interface News {}

    /** Somebody asked it to end. */
    record Stop() implements News {}

    /**
     * What came of a campaign.
     *
     * @param held the revision that was to be renewed; 0: the key was to be created
     * @param sent when it began
     * @param revision that the key has now; empty when it is not ours
     * @param rules as they are now
     * @param fault why nothing is known of the key
     */
    record Result(
            long held,
            long sent,
            Optional<Long> revision,
            ElectionRules rules,
            @Nullable RuntimeException fault) implements News {}

    /** The rules of the bucket as it is now. */
    ElectionRules rules() throws InterruptedException {
        return rules(buckets.bucket());
    }

    private ElectionRules rules(Bucket bucket) throws InterruptedException {
        return ruling.apply(bucket.facts().spec().timeToLive());
    }

    /** Creates the key, or renews it at a revision that is not 0. */
    Result hold(long held, long now, ElectionRules known) throws InterruptedException {
        byte[] value = plan.candidate().getBytes(StandardCharsets.UTF_8);
        try {
            Bucket bucket = buckets.bucket();
            if (held > 0) {
                return new Result(held, now, bucket.update(plan.key(), value, held), known, null);
            }
            ElectionRules fresh = rules(bucket);
            return new Result(0, now, bucket.create(plan.key(), value), fresh, null);
        } catch (RuntimeException e) {
            return new Result(held, now, Optional.empty(), known, e);
        }
    }
}
