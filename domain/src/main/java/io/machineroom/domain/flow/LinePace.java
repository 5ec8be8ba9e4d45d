package io.machineroom.domain.flow;

import java.time.Duration;

/**
 * Keeps a batch at about a second of the line, between 4 KiB and the bound, so that on a thin line an
 * urgent event does not wait behind a megabyte. One task.
 */
public final class LinePace {
    private static final long LEAST = 4 * 1024;
    /** A line that nobody knows yet. */
    private static final long FIRST = 16 * 1024;

    private final long most;
    private long bytes;

    /** Begins with 16 KiB, and doubles with each batch that a line takes well, up to {@code most}. */
    public LinePace(long most) {
        this.most = most;
        this.bytes = Math.min(most, FIRST);
    }

    /** Bytes of the next batch. */
    public long batchBytes() {
        return bytes;
    }

    /** So many bytes were acknowledged after that time. */
    public void took(long sentBytes, Duration duration) {
        if (duration.toMillis() > 1_000) {
            bytes = Math.max(LEAST, bytes / 2);
        } else if (duration.toMillis() < 300 && sentBytes * 2 >= bytes) {
            bytes = Math.min(most, bytes * 2);
        }
    }
}
