package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets only so many requests go on to the SaaS at once: each holds a connection. The others wait, first come first served; of
 * those that ask the SaaS to wait for news at most half may be under way, so that they never keep the others out. Safe from any
 * thread.
 */
final class UpstreamTurns {
    /** Less than a follower waits for an answer; who asks the SaaS to wait has less to spare. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration SHORT = Duration.ofSeconds(5);

    private static final Duration LATER = Duration.ofSeconds(5);

    private final Semaphore all;
    private final Semaphore waiting;

    UpstreamTurns(int atOnce) {
        all = new Semaphore(atOnce, true);
        waiting = new Semaphore(Math.max(1, atOnce / 2), true);
    }

    /** A request that may go on; closed when it is answered. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for a turn.
     *
     * @throws PortException.Unavailable {@code gateway.busy} when none comes in time
     */
    Turn take(Gateway.Request request) throws InterruptedException {
        if (!request.query().contains("wait=")) {
            take(all, PATIENCE);
            return all::release;
        }
        take(waiting, SHORT);
        try {
            take(all, SHORT);
        } catch (InterruptedException | PortException e) {
            waiting.release();
            throw e;
        }
        return () -> {
            all.release();
            waiting.release();
        };
    }

    private static void take(Semaphore from, Duration patience) throws InterruptedException {
        if (!from.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new PortException.Unavailable(
                    "gateway.busy", "too many requests wait for the SaaS: ask again", null, LATER);
        }
    }
}
