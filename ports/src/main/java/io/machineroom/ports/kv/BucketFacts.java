package io.machineroom.ports.kv;

import java.time.Instant;

/**
 * What a server says of a bucket.
 *
 * @param spec how it is made
 * @param changes how many it holds, deletions among them
 * @param bytes what they take
 * @param created when it was made
 */
public record BucketFacts(BucketSpec spec, long changes, long bytes, Instant created) {}
