package io.machineroom.domain.replication.relay;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;

/** One at a time: who has the turn may work on what it guards, the others wait. Safe from any task. */
final class Turn {
    private final Mailbox<Boolean> free;

    Turn(Tasks tasks) {
        free = tasks.mailbox(1);
        free.offer(true);
    }

    /** What is done in a turn. */
    interface Work<T> {
        T run() throws InterruptedException;
    }

    <T> T take(Work<T> work) throws InterruptedException {
        free.take();
        return run(work);
    }

    /**
     * As {@link #take}, within a time.
     *
     * @throws PortException.Unavailable {@code site.fetching} when others had it all the while
     */
    <T> T within(Duration patience, Work<T> work) throws InterruptedException {
        if (free.poll(patience).isEmpty()) {
            throw new PortException.Unavailable(
                    "site.fetching", "the leader still fetches this artifact; ask again", null, Duration.ofSeconds(10));
        }
        return run(work);
    }

    private <T> T run(Work<T> work) throws InterruptedException {
        try {
            return work.run();
        } finally {
            free.offer(true);
        }
    }
}
