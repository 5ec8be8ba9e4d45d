package io.machineroom.app.cli;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * This process as a member of an election that somebody else runs for it. It leads only as long as it was told last: when
 * nothing more comes, the lead runs out by itself. One thread uses it; {@link #close} is safe from any.
 */
final class Membership {
    private static final Duration PARTING = Duration.ofSeconds(8);

    /** Asks to take part, and hands over what is said until it is interrupted. */
    interface Asking {
        void ask(Consumer<Value.Obj> answers) throws InterruptedException;
    }

    private record News(
            Optional<Value.Obj> answer, @Nullable RuntimeException failure) {}

    private final Asking asking;
    private final LinkedBlockingQueue<News> box = new LinkedBlockingQueue<>(1_000);
    private volatile @Nullable Thread thread;
    private long until;
    private boolean leads;

    Membership(Asking asking) {
        this.asking = asking;
    }

    void start() {
        thread = Thread.ofVirtual().name("election").start(this::listen);
    }

    /** Joins once more after what ended the membership; what was said before counts no more. */
    void again() {
        close();
        box.clear();
        start();
    }

    private void listen() {
        RuntimeException end = new PortException.Unavailable(
                "control.absent", "the agent ended, and with it its part in the election");
        RuntimeException stopping = end;
        try {
            asking.ask(answer -> box.add(
                    answer.bool(HeldRequests.ENDING).orElse(false)
                            ? new News(Optional.empty(), stopping)
                            : new News(Optional.of(answer), null)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            end = e;
        }
        box.add(new News(Optional.empty(), end));
    }

    /**
     * Whether it leads, after waiting for news that long.
     *
     * @throws PortException what ended the membership
     */
    boolean leads(Duration wait) throws InterruptedException {
        News news = box.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        while (news != null) {
            if (news.failure() != null) {
                leads = false;
                throw news.failure();
            }
            news.answer().ifPresent(this::told);
            news = box.poll();
        }
        return leads && System.nanoTime() - until < 0;
    }

    /** The lease counts from when it was told, which may be long before it is read. */
    private void told(Value.Obj answer) {
        leads = answer.bool("leader").orElse(false);
        long now = System.currentTimeMillis();
        long age = Math.max(0, now - answer.whole("at_millis").orElse(now));
        until = System.nanoTime()
                + Duration.ofMillis(answer.whole("lease_millis").orElse(0L) - age)
                        .toNanos();
    }

    /** Leaves; waits a little, so that the key is given back. */
    void close() {
        Thread asker = thread;
        if (asker != null) {
            asker.interrupt();
            try {
                asker.join(PARTING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
