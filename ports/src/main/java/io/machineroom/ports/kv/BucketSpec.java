package io.machineroom.ports.kv;

import java.time.Duration;

/**
 * How a bucket is to be made, or is. What is not here is always the same: file storage, rollups allowed, single deletes
 * denied, direct reads allowed.
 *
 * @param description for people
 * @param timeToLive how long a change is kept; zero: for ever
 * @param history changes kept for each key; 0: all
 * @param maxBytes bound of the whole bucket; 0: none
 * @param maxValue bound of one value in bytes; 0: that of the server
 * @param replicas 1 to 5
 */
public record BucketSpec(
        String description, Duration timeToLive, long history, long maxBytes, int maxValue, int replicas) {
    /** The bucket of desired state. */
    public static final String CONFIG = "CONFIG";

    /** The bucket that holds the keys of elections. */
    public static final String ELECTIONS = "CHORIA_LEADER_ELECTION";

    /** The bucket in which the places of a site agree who carries it; only their leaders may use it. */
    public static final String SITE = "MACHINE_ROOM_SITE";

    /** A bucket that keeps the newest value of each key for ever. */
    public static BucketSpec plain() {
        return new BucketSpec("", Duration.ZERO, 1, 0, 0, 1);
    }

    /** The bucket of elections, as Choria's broker makes it: a minute to live, values of at most 1 KiB. */
    public static BucketSpec elections() {
        return new BucketSpec("Choria Leader Election Bucket", Duration.ofMinutes(1), 1, 0, 1024, 1);
    }

    /** The bucket of the places of a site: who is gone is forgotten after ten seconds. */
    public static BucketSpec site(int replicas) {
        return new BucketSpec("Places of a site of Machine Room", Duration.ofSeconds(10), 1, 0, 1024, replicas);
    }

    /** The same on that many servers. */
    public BucketSpec withReplicas(int other) {
        return new BucketSpec(description, timeToLive, history, maxBytes, maxValue, other);
    }
}
