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
    /** The end of the work, and one slot. */
    private static final int MOST_NEWS = 2;

    private final Supplier<Slots> slots;
    private final Governor.Means means;
    private final Wish wish;
    private final Consumer<Turn> ear;
    private final Mailbox<News> news;
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
        this.news = means.tasks().mailbox(MOST_NEWS);
    }

    /** What the keeper waits for. */
    private sealed interface News {
        /** The work is over. */
        record WorkOver() implements News {}

        /** There is another slot. */
        record Fresh(Admitted slot) implements News {}
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
        news.offer(new News.WorkOver());
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
            exit();
        } else if (wish.ending() == Wish.Ending.LEAVE) {
            exit();
            new Admission(slots, means, wish, lifetime).giveBack(held.slot());
        }
    }

    private void exit() {
        means.meter().count("mr_governor_turns_total", "result", "exit", 1);
        ear.accept(new Turn(Turn.Kind.EXIT, wish.governor(), held.slot()));
    }

    private long now() {
        return means.time().ticks();
    }

    private boolean over(Duration wait) throws InterruptedException {
        return news.poll(wait.isNegative() ? Duration.ZERO : wait).isPresent();
    }

    /** Takes another slot; when there is none in time stops the work. True when the work is over. */
    private boolean renewedOrLost(Tasks.Task worker) throws InterruptedException {
        // in a task of its own: a try that waits for an answer must not outlive the slot
        Tasks.Task renewer = means.tasks().fork("governor-renewing-" + wish.governor(), this::renew);
        try {
            long left = held.since() + lifetime - margin(lifetime) - now();
            News first = news.poll(Duration.ofNanos(Math.max(0, left))).orElse(null);
            if (first instanceof News.Fresh(Admitted fresh)) {
                long old = held.slot();
                held = fresh;
                means.tasks().fork("governor-leaving-" + wish.governor(), () -> spare().giveBack(old));
                return false;
            }
            if (first == null) {
                lose(worker);
            }
            settle(renewer);
            return true;
        } finally {
            renewer.cancel();
        }
    }

    /** A slot that came too late goes back. */
    private void settle(Tasks.Task renewer) throws InterruptedException {
        renewer.cancel();
        while (!renewer.join(RETRY)) {
            renewer.cancel();
        }
        for (News late : news.drain(MOST_NEWS)) {
            if (late instanceof News.Fresh(Admitted unused)) {
                means.tasks().fork("governor-leaving-" + wish.governor(), () -> spare().giveBack(unused.slot()));
            }
        }
    }

    private void lose(Tasks.Task worker) {
        lost = true;
        means.meter().count("mr_governor_turns_total", "result", "lost", 1);
        LOG.log(
                Level.ERROR,
                "the slot of governor {0} ends and there is no other: the work in it is stopped. "
                        + "Let slots live longer than the work, or have more of them",
                wish.governor());
        worker.cancel();
    }

    /** Tries until there is another slot, or it is cancelled. */
    private void renew() throws InterruptedException {
        Admission next = spare();
        Duration pace = Duration.ofNanos(Math.max(1_000_000, Math.min(lifetime / 40, RETRY.toNanos())));
        try {
            Optional<Admitted> fresh = tried(next);
            while (fresh.isEmpty()) {
                means.tasks().sleep(pace);
                fresh = tried(next);
            }
            news.offer(new News.Fresh(fresh.get()));
        } finally {
            next.clearUp();
        }
    }

    private Admission spare() {
        return new Admission(slots, means, wish, lifetime);
    }

    /**
     * How long before the end of a slot that could not be kept its work is stopped, and so the time that stopping may take.
     *
     * @param lifetime of slots in nanoseconds, above 0
     */
    static long margin(long lifetime) {
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
