package io.machineroom.domain.orchestration;

import io.machineroom.domain.orchestration.Admission.Admitted;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A slot while somebody works in it. From half of its life on another one is taken and the old one given back; in between both
 * are held, so that nobody gets in. When there is no other until shortly before its end, the work is stopped first. Its task is
 * {@link #keep}; the rest is safe from any task.
 */
final class Lease {
    private static final System.Logger LOG = System.getLogger(Lease.class.getName());
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(5);
    private static final Duration LEAST_MARGIN = Duration.ofMillis(1_500);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration FOREVER = Duration.ofHours(1);

    private final Supplier<Slots> slots;
    private final Governor.Means means;
    private final Wish wish;
    private final Consumer<Turn> ear;
    private final Mailbox<Boolean> ended;
    private Admitted held;
    private final long lifetime;
    private volatile boolean lost;

    Lease(Supplier<Slots> slots, Governor.Means means, Wish wish, Admitted held, Consumer<Turn> ear) {
        this.slots = slots;
        this.means = means;
        this.wish = wish;
        this.held = held;
        this.lifetime = held.lifetime();
        this.ear = ear;
        this.ended = means.tasks().mailbox(1);
    }

    String governor() {
        return wish.governor();
    }

    /** Whether the work was stopped because its slot could not be kept. */
    boolean lost() {
        return lost;
    }

    /** The work is over, or nobody waits for it any more. */
    void workEnded() {
        ended.offer(true);
    }

    /** Keeps the slot until the work is over, then gives it back. */
    void keep(Tasks.Task worker) throws InterruptedException {
        boolean lasts = wish.ending() == Wish.Ending.EXPIRE || lifetime == 0;
        boolean over = false;
        while (!over) {
            over = lasts
                    ? over(FOREVER)
                    : over(Duration.ofNanos(held.since() + lifetime / 2 - now())) || renewedOrLost(worker);
        }
        while (!worker.join(RETRY)) {
            // whoever works goes on although it was interrupted: the slot is not given to another
            worker.cancel();
        }
        if (lost) {
            // whoever was told may need a moment to end what it began: the slot stays until it ends by its age
            means.meter().count("mr_governor_turns_total", "result", "exit", 1);
            ear.accept(new Turn(Turn.Kind.EXIT, wish.governor(), held.slot()));
        } else if (wish.ending() == Wish.Ending.LEAVE) {
            means.meter().count("mr_governor_turns_total", "result", "exit", 1);
            ear.accept(new Turn(Turn.Kind.EXIT, wish.governor(), held.slot()));
            new Admission(slots, means, wish, lifetime).giveBack(held.slot());
        }
    }

    private long now() {
        return means.time().ticks();
    }

    private boolean over(Duration wait) throws InterruptedException {
        return ended.poll(wait.isNegative() ? Duration.ZERO : wait).isPresent();
    }

    /** Takes another slot; when there is none in time stops the work. True when the work is over. */
    private boolean renewedOrLost(Tasks.Task worker) throws InterruptedException {
        Admission next = new Admission(slots, means, wish, lifetime);
        long margin = margin();
        Duration pace = Duration.ofNanos(Math.max(1_000_000, Math.min(lifetime / 40, RETRY.toNanos())));
        try {
            while (held.since() + lifetime - margin - now() > 0) {
                Optional<Admitted> fresh = tried(next);
                if (fresh.isPresent()) {
                    long old = held.slot();
                    held = fresh.get();
                    // in a task of its own: while it waits for an answer the new slot grows old
                    means.tasks().fork("governor-leaving-" + wish.governor(), () -> next.giveBack(old));
                    return false;
                }
                if (over(pace)) {
                    return true;
                }
            }
        } finally {
            next.clearUp();
        }
        lost = true;
        means.meter().count("mr_governor_turns_total", "result", "lost", 1);
        LOG.log(
                Level.ERROR,
                "the slot of governor {0} ends and there is no other: the work in it is stopped. "
                        + "Let slots live longer than the work, or have more of them",
                wish.governor());
        worker.cancel();
        return true;
    }

    /** How long before its end the work is stopped: longer than a try may take, and than it takes to stop. */
    private long margin() {
        long usual = Math.min(lifetime / 10, LONGEST_MARGIN.toNanos());
        return Math.min(lifetime / 2, Math.max(usual, LEAST_MARGIN.toNanos()));
    }

    private Optional<Admitted> tried(Admission next) throws InterruptedException {
        try {
            return next.tried();
        } catch (PortException.Refused | PortException.Corrupted e) {
            // removed meanwhile, or no longer ours to use: as good as full
            LOG.log(Level.DEBUG, "no other slot of {0}: {1}", wish.governor(), e.code());
            return Optional.empty();
        }
    }
}
