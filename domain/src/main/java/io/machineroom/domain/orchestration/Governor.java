package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets work be done only while a slot is held for it: at most as many at once as the governor has slots, whatever becomes of
 * answers, links and those who work. A slot cannot be made younger, so a {@link Lease} takes another one before it is too old, and
 * where there is none ends the work before its slot ends. Safe from any task; holds nothing itself.
 */
public final class Governor {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final Supplier<Slots> slots;
    private final Means means;

    /**
     * What a governor works with.
     *
     * @param tasks runs the work and what renews its slot
     */
    public record Means(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {}

    /**
     * A governor.
     *
     * @param slots over the link that is up now; throws {@code PortException} while there is none
     */
    public Governor(Supplier<Slots> slots, Means means) {
        this.slots = slots;
        this.means = means;
    }

    /** What needs a slot. It runs in a task of its own, and is interrupted when its slot cannot be kept. */
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Waits for a slot, does the work, and gives the slot back, whichever way the work ends. Waits as long as the wish says for
     * the slot and as long as the work takes.
     *
     * @param ear told what happens, in the order in which it happens; must not block
     * @throws PortException.Unavailable {@code governor.timeout}: no slot in time; {@code governor.lost}: the slot could not be
     *     kept and the work was interrupted
     * @throws PortException.Refused of {@link Slots}: there is no such governor, or it may not be used
     * @throws InterruptedException when the caller is; the work is interrupted as well, and the slot given back
     */
    public <T> T within(Wish wish, Consumer<Turn> ear, Work<T> work) throws InterruptedException {
        Admission.Admitted admitted;
        try {
            admitted = new Admission(slots, means, wish, Admission.UNKNOWN).enter();
        } catch (PortException e) {
            means.meter().count("mr_governor_turns_total", "result", "timeouts", 1);
            ear.accept(new Turn(Turn.Kind.TIMEOUTS, wish.governor(), 0));
            throw e;
        }
        means.meter().count("mr_governor_turns_total", "result", "enter", 1);
        ear.accept(new Turn(Turn.Kind.ENTER, wish.governor(), admitted.slot()));
        return held(new Lease(slots, means, wish, admitted, ear), work);
    }

    private <T> T held(Lease lease, Work<T> work) throws InterruptedException {
        Mailbox<Result<T>> results = means.tasks().mailbox(1);
        Tasks.Task worker = means.tasks().fork("governed-" + lease.governor(), () -> results.offer(of(work)));
        Tasks.Task keeper = means.tasks().fork("governor-" + lease.governor(), () -> lease.keep(worker));
        try {
            // a join has a limit, and work has none
            boolean over = false;
            while (!over) {
                over = worker.join(LOOK);
            }
        } catch (InterruptedException e) {
            worker.cancel();
            worker.join(FAREWELL);
            throw e;
        } finally {
            lease.workEnded();
            keeper.join(FAREWELL);
        }
        return results.poll(Duration.ZERO)
                .orElseThrow(() -> ended(lease, worker))
                .value();
    }

    private static <T> Result<T> of(Work<T> work) throws InterruptedException {
        try {
            return new Result.Done<>(work.run());
        } catch (PortException e) {
            return new Result.Failed<>(e);
        }
    }

    private static RuntimeException ended(Lease lease, Tasks.Task worker) {
        if (lease.lost()) {
            return new PortException.Unavailable(
                    "governor.lost",
                    "the slot of governor '" + lease.governor()
                            + "' was about to end and there was no other: the work was stopped");
        }
        return new IllegalStateException(
                "what was done in a slot of governor '" + lease.governor() + "' broke",
                worker.failure().orElse(null));
    }

    private sealed interface Result<T> {
        T value();

        record Done<T>(T value) implements Result<T> {}

        record Failed<T>(PortException fault) implements Result<T> {
            @Override
            public T value() {
                throw fault;
            }
        }
    }
}
