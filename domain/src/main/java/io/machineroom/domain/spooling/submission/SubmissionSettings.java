package io.machineroom.domain.spooling.submission;

/**
 * Bounds of what other programs submit.
 *
 * @param maxMessages messages that may wait in the directory, for each priority; one more fits, as in the original;
 *     default 5,000
 * @param maxBytes most bytes of one message, payload and headers together; at most {@value #MOST_BYTES}, so that it
 *     fits a batch of the gateway in base64; default 512 KiB
 */
public record SubmissionSettings(int maxMessages, int maxBytes) {
    /** Bound of {@code maxBytes}. */
    public static final int MOST_BYTES = 716_800;

    public SubmissionSettings {
        if (maxMessages < 1 || maxBytes < 1 || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException("bounds of " + maxMessages + " messages, " + maxBytes + " bytes");
        }
    }

    public static SubmissionSettings defaults() {
        return new SubmissionSettings(5_000, 512 << 10);
    }
}
