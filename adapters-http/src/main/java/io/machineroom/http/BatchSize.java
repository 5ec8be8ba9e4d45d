package io.machineroom.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How many bytes of a batch the line carries in about a second. Safe from any task. */
final class BatchSize {
    private static final int SMALLEST = 16 * 1024;

    private final AtomicInteger bytes = new AtomicInteger(256 * 1024);

    int bytes() {
        return bytes.get();
    }

    void took(Duration time) {
        if (time.toMillis() < 500) {
            bytes.updateAndGet(now -> Math.min(EventBatch.MAX_BYTES, now * 2));
        } else if (time.toMillis() > 2_000) {
            bytes.updateAndGet(now -> Math.max(SMALLEST, now / 2));
        }
    }

    void tookTooLong() {
        bytes.updateAndGet(now -> Math.max(SMALLEST, now / 4));
    }
}
