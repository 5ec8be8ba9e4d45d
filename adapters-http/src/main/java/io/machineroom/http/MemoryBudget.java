package io.machineroom.http;

import io.machineroom.ports.PortException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all requests together may hold. */
final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    long used() {
        return used.get();
    }

    Share share() {
        return new Share();
    }

    /** What one request holds; one task uses it. */
    final class Share implements AutoCloseable {
        private long held;

        /**
         * Takes more.
         *
         * @throws PortException.Unavailable {@code gateway.busy}
         */
        void take(long bytes) {
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                throw new PortException.Unavailable(
                        "gateway.busy", "too many large requests at once", null, Duration.ofSeconds(2));
            }
            held += bytes;
        }

        @Override
        public void close() {
            used.addAndGet(-held);
            held = 0;
        }
    }
}
