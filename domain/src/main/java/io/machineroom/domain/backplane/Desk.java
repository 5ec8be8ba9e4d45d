package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one task that owns enrolments, sessions and desired state: others hand it errands and wait. At most
 * {@value #CAPACITY} errands wait; beyond that it is {@code backplane.busy}.
 */
final class Desk implements Tasks.Body {
    private static final int CAPACITY = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Tasks tasks;
    private final Meter meter;
    private final Mailbox<Job> inbox;

    Desk(Tasks tasks, Meter meter) {
        this.tasks = tasks;
        this.meter = meter;
        this.inbox = tasks.mailbox(CAPACITY);
    }

    /** What the desk does for somebody. */
    interface Errand<T> {
        T run() throws InterruptedException;
    }

    private interface Job {
        void run() throws InterruptedException;
    }

    /** One of the two is there. */
    private record Answer<T>(@Nullable T value, @Nullable RuntimeException fault) {}

    /**
     * Runs an errand in the desk's task and returns its answer.
     *
     * <p>What an errand throws belongs to whoever brought it: it ends his task's work, not the desk that all others
     * need.
     *
     * @throws PortException what the errand threw, or {@code Unavailable("backplane.busy")}
     */
    <T> T ask(Errand<T> errand) throws InterruptedException {
        Mailbox<Answer<T>> reply = tasks.mailbox(1);
        if (!inbox.offer(() -> reply.offer(answer(errand)))) {
            throw busy();
        }
        Answer<T> answer = reply.poll(PATIENCE).orElseThrow(Desk::busy);
        RuntimeException fault = answer.fault();
        if (fault != null) {
            throw fault;
        }
        T value = answer.value();
        if (value == null) {
            throw new IllegalStateException("an errand answers with a value");
        }
        return value;
    }

    private <T> Answer<T> answer(Errand<T> errand) throws InterruptedException {
        try {
            return new Answer<>(errand.run(), null);
        } catch (PortException e) {
            return new Answer<>(null, e);
        } catch (RuntimeException fault) {
            meter.count("mr_backplane_faults_total", "part", "desk", 1);
            return new Answer<>(null, fault);
        }
    }

    private static PortException.Unavailable busy() {
        return new PortException.Unavailable(
                "backplane.busy", "too many requests wait; try again later", null, Duration.ofSeconds(2));
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            inbox.take().run();
        }
    }
}
