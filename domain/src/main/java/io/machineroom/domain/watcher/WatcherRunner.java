package io.machineroom.domain.watcher;

import io.machineroom.domain.watcher.WatcherTask.Nudge;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import io.machineroom.ports.watcher.WatcherType.IntervalRule;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Asks one watcher: at its interval, when its machine changed state, when it woke itself or when its last answer asked
 * for it; only while its gate is open, and never twice at once. A {@link WatcherTask} owns it, says when something
 * knocked or is due, and closes it.
 */
public final class WatcherRunner {
    /** Takes what a watcher found; may wait while its machine is busy. */
    public interface Reporter {
        /** A check ended. */
        void found(Outcome outcome, Value.Obj state) throws InterruptedException;

        /** The state is to be told as it is. */
        void announce(Value.Obj state) throws InterruptedException;
    }

    private static final System.Logger LOG = System.getLogger(WatcherRunner.class.getName());
    static final long NEVER = Long.MAX_VALUE;
    private static final long GRID_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration LEAST_MOVED = Duration.ofSeconds(1);

    private final String label;
    private final WatcherSpec spec;
    private final IntervalRule rule;
    private final Watcher watcher;
    private final BooleanSupplier gate;
    private final Reporter reporter;
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
     */
    public WatcherRunner(Made made, BooleanSupplier gate, Reporter reporter, TimeSource time) {
        this.label = made.machine() + "#" + made.spec().name();
        this.spec = made.spec();
        this.rule = made.rule();
        this.watcher = made.watcher();
        this.gate = gate;
        this.reporter = reporter;
        this.time = time;
    }

    /** A watcher that was made from its definition. */
    public record Made(String machine, WatcherSpec spec, IntervalRule rule, Watcher watcher) {}

    /** Before anything else; asks at once where the kind wants that. */
    void begin() throws InterruptedException {
        open = gate.getAsBoolean();
        watcher.stateChanged(open);
        nextCheck = nearby(after(spec.interval()));
        nextAnnounce = after(spec.announce());
        if (rule.atStart() && open) {
            check(Trigger.START);
        }
    }

    /** Ticks at which something is due; {@link #NEVER} when only a knock brings it on. */
    long next() {
        return Math.min(nextCheck, Math.min(nextAgain, nextAnnounce));
    }

    /** Does what is due. */
    void act() throws InterruptedException {
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

    /** Something knocked; {@code pressed} counts where it was switched. */
    void knocked(Set<Nudge> heard, Trigger pressed) throws InterruptedException {
        boolean before = open;
        boolean woken = heard.contains(Nudge.WAKE);
        open = gate.getAsBoolean();
        if (heard.contains(Nudge.STATE) || before != open) {
            if (watcher.stateChanged(open)) {
                reporter.announce(watcher.state());
            }
            if ((open && rule.onStateChange()) || watcher.insists()) {
                check(Trigger.STATE_CHANGED);
                woken = false;
            }
        }
        if (heard.contains(Nudge.ON) || heard.contains(Nudge.OFF)) {
            ask(pressed);
        }
        if (woken) {
            ask(Trigger.WOKEN);
        }
    }

    void close() {
        watcher.close();
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
