package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import io.machineroom.ports.watcher.WatcherType.IntervalRule;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Asks one watcher: at its interval, when its machine changed state, when it woke itself or when its last answer asked
 * for it; only while its gate is open, and never twice at once. Its {@link #run} is the body of one task, which owns
 * the watcher and closes it.
 */
public final class WatcherRunner {
    /** Why a runner is nudged. */
    public enum Nudge {
        /** The machine changed state. */
        STATE,
        /** Another machine changed state, so the gate may have moved. */
        FOREIGN,
        /** The watcher wants to be asked. */
        WAKE,
        /** Somebody switched it on. */
        ON,
        /** Somebody switched it off. */
        OFF,
        /** The interruption of the task was swallowed on the way; it is to end. */
        STOP
    }

    /** Takes what a watcher found; may wait while its machine is busy. */
    public interface Reporter {
        /** A check ended. */
        void found(Outcome outcome, Value.Obj state) throws InterruptedException;

        /** The state is to be told as it is. */
        void announce(Value.Obj state) throws InterruptedException;
    }

    private static final System.Logger LOG = System.getLogger(WatcherRunner.class.getName());
    private static final long NEVER = Long.MAX_VALUE;
    private static final long GRID_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration LEAST_MOVED = Duration.ofSeconds(1);

    private final String label;
    private final WatcherSpec spec;
    private final IntervalRule rule;
    private final Watcher watcher;
    private final BooleanSupplier gate;
    private final Reporter reporter;
    private final Mailbox<Nudge> nudges;
    private final TimeSource time;

    private String broken = "";
    private boolean open;
    private long nextCheck = NEVER;
    private long nextAgain = NEVER;
    private long nextAnnounce = NEVER;

    /**
     * A runner.
     *
     * @param made the watcher with its definition and rules
     * @param gate whether state and foreign states let it act now
     * @param nudges where its machine and its own wake-ups knock
     */
    public WatcherRunner(Made made, BooleanSupplier gate, Reporter reporter, Mailbox<Nudge> nudges, TimeSource time) {
        this.label = made.machine() + "#" + made.spec().name();
        this.spec = made.spec();
        this.rule = made.rule();
        this.watcher = made.watcher();
        this.gate = gate;
        this.reporter = reporter;
        this.nudges = nudges;
        this.time = time;
    }

    /** A watcher that was made from its definition. */
    public record Made(String machine, WatcherSpec spec, IntervalRule rule, Watcher watcher) {}

    /** A mailbox of the right size for nudges. */
    public static Mailbox<Nudge> nudges(Tasks tasks) {
        return tasks.mailbox(64);
    }

    /** Knocks; wakes merge, so that there is always room for a change of state. */
    public static void nudge(Mailbox<Nudge> nudges, Nudge nudge) {
        if (nudge == Nudge.STATE || nudge == Nudge.STOP || nudges.size() < 32) {
            nudges.offer(nudge);
        }
    }

    /** Runs until it is interrupted. */
    public void run() throws InterruptedException {
        try {
            open = gate.getAsBoolean();
            watcher.stateChanged(open);
            nextCheck = nearby(after(spec.interval()));
            nextAnnounce = after(spec.announce());
            if (rule.atStart() && open) {
                check(Trigger.START);
            }
            while (true) {
                step(Math.min(nextCheck, Math.min(nextAgain, nextAnnounce)));
            }
        } finally {
            watcher.close();
        }
    }

    private void step(long until) throws InterruptedException {
        Duration wait = until == NEVER ? Duration.ofDays(1) : Duration.ofNanos(Math.max(0, until - time.ticks()));
        Nudge nudge = nudges.poll(wait).orElse(null);
        if (nudge != null) {
            knocked(nudge);
        }
        if (due(nextAgain)) {
            nextAgain = NEVER;
            ask(Trigger.WOKEN);
        }
        if (due(nextCheck)) {
            ask(Trigger.INTERVAL);
            nextCheck = nearby(after(spec.interval()));
        }
        if (due(nextAnnounce)) {
            nextAnnounce = after(spec.announce());
            reporter.announce(watcher.state());
        }
    }

    private void knocked(Nudge first) throws InterruptedException {
        EnumSet<Nudge> heard = EnumSet.noneOf(Nudge.class);
        Trigger pressed = hear(first, heard);
        if (heard.contains(Nudge.STOP)) {
            throw new InterruptedException("the machine stops");
        }
        boolean before = open;
        open = gate.getAsBoolean();
        if (heard.contains(Nudge.STATE) || before != open) {
            if (watcher.stateChanged(open)) {
                reporter.announce(watcher.state());
            }
            if ((open && rule.onStateChange()) || watcher.insists()) {
                check(Trigger.STATE_CHANGED);
                heard.remove(Nudge.WAKE);
            }
        }
        if (heard.contains(Nudge.ON) || heard.contains(Nudge.OFF)) {
            ask(pressed);
        }
        if (heard.contains(Nudge.WAKE)) {
            ask(Trigger.WOKEN);
        }
    }

    /** Gathers what knocked; of several presses the last one counts. */
    private Trigger hear(Nudge first, EnumSet<Nudge> heard) {
        List<Nudge> all = new ArrayList<>(List.of(first));
        all.addAll(nudges.drain(64));
        heard.addAll(all);
        return all.lastIndexOf(Nudge.ON) > all.lastIndexOf(Nudge.OFF) ? Trigger.ON : Trigger.OFF;
    }

    private void ask(Trigger trigger) throws InterruptedException {
        open = gate.getAsBoolean();
        if (open) {
            check(trigger);
        }
    }

    private void check(Trigger trigger) throws InterruptedException {
        Outcome outcome = outcome(trigger);
        Duration again = outcome.again();
        nextAgain = again == null ? NEVER : time.ticks() + Math.max(0, again.toNanos());
        reporter.found(outcome, watcher.state());
    }

    private Outcome outcome(Trigger trigger) throws InterruptedException {
        try {
            return watcher.check(trigger);
        } catch (PortException e) {
            LOG.log(Level.WARNING, () -> label + ": " + e.code() + ": " + e.getMessage());
            return new Outcome.Failed("error", e.code() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            // a vendor's watcher may break in any way; its machine goes on
            if (!e.toString().equals(broken)) {
                broken = e.toString();
                LOG.log(Level.ERROR, label + ": the watcher broke; the same again is not logged", e);
            }
            return new Outcome.Failed("error", "watcher.broken: " + e.getClass().getSimpleName());
        }
    }

    private boolean due(long at) {
        return at != NEVER && time.ticks() - at >= 0;
    }

    /**
     * Moves a check by at most ten milliseconds, to where those of other watchers are: a processor that wakes once for
     * many of them does less than one that wakes for each.
     */
    private long nearby(long at) {
        Duration interval = spec.interval();
        if (interval == null || interval.compareTo(LEAST_MOVED) < 0) {
            return at;
        }
        return at + GRID_NANOS / 2 - Math.floorMod(at + GRID_NANOS / 2, GRID_NANOS);
    }

    private long after(@org.jspecify.annotations.Nullable Duration wait) {
        return wait == null ? NEVER : time.ticks() + wait.toNanos();
    }
}
