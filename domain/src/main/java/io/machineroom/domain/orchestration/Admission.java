package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks for a slot until there is one. A try without a clear answer is repeated under the same id, so that it takes one slot
 * at most; one that stays unclear is cleared up behind the back of whoever gave up. One task.
 */
final class Admission {
    /** Servers remember ids for two minutes, or as long as slots live; less is used, for a try takes its time. */
    private static final Duration MEMORY = Duration.ofSeconds(60);

    /** What is cleared up begins when the id is too old to work with, and must still be known. */
    private static final Duration CLEARING = Duration.ofSeconds(115);

    private static final Duration LONGEST_FAREWELL = Duration.ofMinutes(10);

    private static final System.Logger LOG = System.getLogger(Admission.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final long CLEAR = Long.MIN_VALUE;

    /** A lifetime that nobody asked for yet. */
    static final long UNKNOWN = -1;

    private final Supplier<Slots> slots;
    private final Governor.Means means;
    private final Wish wish;
    private String attempt;
    private String lastFault = "all are taken";
    private long unclearSince = CLEAR;
    private long lifetime;

    /**
     * An admission.
     *
     * @param lifetime of slots in nanoseconds; 0 for ever, {@link #UNKNOWN} to ask
     */
    Admission(Supplier<Slots> slots, Governor.Means means, Wish wish, long lifetime) {
        this.slots = slots;
        this.means = means;
        this.wish = wish;
        this.lifetime = lifetime;
        this.attempt = means.entropy().uuid();
    }

    /**
     * A slot.
     *
     * @param since ticks before which it did not exist: it is at most as old as since then
     * @param lifetime nanoseconds after which it ends; 0 for never
     */
    record Admitted(long slot, long since, long lifetime) {}

    /** Asks until there is one or the patience is over; as {@link Governor#within}. */
    Admitted enter() throws InterruptedException {
        long deadline = means.time().ticks() + wish.patience().toNanos();
        try {
            for (int tries = 1; true; tries++) {
                Optional<Admitted> got = tried();
                if (got.isPresent()) {
                    return got.get();
                }
                long left = deadline - means.time().ticks();
                Duration wait = wish.pace().after(tries, means.entropy());
                if (left <= 0) {
                    throw late();
                }
                means.tasks().sleep(Duration.ofNanos(Math.min(left, wait.toNanos())));
            }
        } catch (PortException | InterruptedException e) {
            clearUp();
            throw e;
        }
    }

    private PortException.Unavailable late() {
        return new PortException.Unavailable(
                "governor.timeout",
                "no slot of governor '" + wish.governor() + "' within " + wish.patience() + ": " + lastFault);
    }

    /** One try; empty when all are taken or nobody knows. */
    Optional<Admitted> tried() throws InterruptedException {
        if (unclearSince != CLEAR && age() > memory()) {
            // the server may have forgotten the id, and what it took under it would be another slot
            clearUp();
        }
        try {
            Slots now = slots.get();
            learnLifetime(now);
            long since = unclearSince == CLEAR ? means.time().ticks() : unclearSince;
            unclearSince = since;
            Optional<Long> slot = now.enter(wish.governor(), wish.holder(), attempt);
            lastFault = "all are taken";
            if (slot.isPresent() && lifetime > 0 && age() > lifetime / 4) {
                // it may be as old as the first try: too old to begin with
                clearUp();
                return Optional.empty();
            }
            unclearSince = CLEAR;
            return slot.map(number -> new Admitted(number, since, lifetime));
        } catch (PortException.Unavailable e) {
            lastFault = e.code() + ": " + e.getMessage();
            return Optional.empty();
        } catch (PortException.Refused | PortException.Corrupted e) {
            unclearSince = CLEAR;
            throw e;
        }
    }

    private long age() {
        return means.time().ticks() - unclearSince;
    }

    private long memory() {
        return lifetime > 0 ? Math.min(lifetime / 2, MEMORY.toNanos()) : MEMORY.toNanos();
    }

    private long clearing() {
        return lifetime > 0 ? Math.min(lifetime, CLEARING.toNanos()) : CLEARING.toNanos();
    }

    /** Before the first slot, not after: work must not begin in a slot of which nobody knows how long it lives. */
    private void learnLifetime(Slots now) throws InterruptedException {
        if (lifetime != UNKNOWN) {
            return;
        }
        try {
            lifetime = now.look(wish.governor())
                    .orElseThrow(() -> new PortException.Refused(
                            "governor.unknown", "there is no governor '" + wish.governor() + "': let it be made first"))
                    .rules()
                    .lifetime()
                    .toNanos();
        } catch (PortException.Refused e) {
            if (!e.code().equals("governor.denied")) {
                throw e;
            }
            lifetime = 0;
            LOG.log(
                    Level.WARNING,
                    "slots of governor {0} are not renewed: this node may not ask how long they live",
                    wish.governor());
        }
    }

    /** Sees to it, in a task of its own, that a try without an answer leaves no slot; the next one has another id. */
    void clearUp() {
        String unclear = attempt;
        long since = unclearSince;
        attempt = means.entropy().uuid();
        unclearSince = CLEAR;
        if (since != CLEAR) {
            means.tasks().fork("governor-clearing-" + wish.governor(), () -> clear(unclear, since));
        }
    }

    private void clear(String unclear, long since) throws InterruptedException {
        while (means.time().ticks() - since < clearing()) {
            try {
                Optional<Long> slot = slots.get().enter(wish.governor(), wish.holder(), unclear);
                if (slot.isPresent()) {
                    giveBack(slot.get());
                }
                return;
            } catch (PortException.Unavailable e) {
                LOG.log(Level.DEBUG, "a slot of {0} may be left: {1}", wish.governor(), e.code());
            }
            means.tasks().sleep(RETRY);
        }
        LOG.log(
                Level.WARNING,
                "a slot of governor {0} may be held for nobody until it ends by its age: the broker did not answer",
                wish.governor());
    }

    /** Gives a slot back, trying for ten minutes. */
    void giveBack(long slot) throws InterruptedException {
        long until = means.time().ticks() + LONGEST_FAREWELL.toNanos();
        while (true) {
            try {
                slots.get().leave(wish.governor(), slot);
                return;
            } catch (PortException.Unavailable e) {
                if (means.time().ticks() - until > 0) {
                    left(slot, e);
                    return;
                }
                means.tasks().sleep(RETRY);
            } catch (PortException.Refused | PortException.Corrupted e) {
                left(slot, e);
                return;
            }
        }
    }

    private void left(long slot, PortException e) {
        LOG.log(
                Level.WARNING,
                "slot {0} of governor {1} cannot be given back and ends by its age: {2}: {3}",
                Long.toString(slot),
                wish.governor(),
                e.code(),
                e.getMessage());
    }
}
