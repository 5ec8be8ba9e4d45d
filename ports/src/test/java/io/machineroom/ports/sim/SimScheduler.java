package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Passes the baton. Everything here is touched only by who holds it: one task, or the driver between
 * two steps; the baton hands the memory over with it.
 */
final class SimScheduler {
    private static final long STEPS_WITHOUT_TIME = 1_000_000;

    private final SplittableRandom choice;
    private final List<SimTask> runnable = new ArrayList<>();
    private final TreeSet<SimWait> timers = new TreeSet<>();
    private final SimConditions conditions = new SimConditions();
    private final Map<Long, SimTask> alive = new LinkedHashMap<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Runnable> observers = new ArrayList<>();
    private volatile @Nullable SimTask current;
    private long steps;
    private SimDrive drive = SimDrive.none();
    private long stepsAtTime;
    private long now;
    private long orders;
    private final SimTrace history;
    private long maxLateNanos;

    SimScheduler(long seed) {
        choice = new SplittableRandom(seed);
        history = new SimTrace(seed);
    }

    // --- what tasks do -------------------------------------------------------------------------

    SimTask fork(SimNode node, String name, Tasks.Body body) {
        SimTask task = new SimTask(orders++, node, name, this, body);
        alive.put(task.id(), task);
        runnable(task);
        return task;
    }

    void sleep(Duration duration) throws InterruptedException {
        long nanos = duration.isNegative() ? 0 : SimConditions.clamp(duration);
        if (inside() && maxLateNanos > 0) {
            nanos += choice.nextLong(maxLateNanos);
        }
        await("time to pass", () -> false, after(nanos), new ArrayList<>(1));
    }

    boolean await(String what, BooleanSupplier condition, Duration limit) throws InterruptedException {
        checkInterrupt();
        if (condition.getAsBoolean()) {
            return true;
        }
        return await(what, condition, deadline(limit), null);
    }

    /** Waits for the condition; with a queue its owner wakes the wait, without one it is looked at each step. */
    boolean await(String what, BooleanSupplier condition, long deadline, @Nullable List<SimWait> queue)
            throws InterruptedException {
        SimTask task = current;
        if (task == null || !task.runsHere()) {
            return drive(condition, deadline);
        }
        task.checkInterrupt();
        SimWait wait = new SimWait(task, what, deadline, orders++);
        if (deadline != Long.MAX_VALUE) {
            timers.add(wait);
        }
        if (queue == null) {
            conditions.add(wait, condition);
        } else {
            queue.add(wait);
        }
        task.waitsFor(wait);
        pass(task);
        if (queue != null) {
            queue.remove(wait);
        }
        if (wait.outcome() == SimWait.Outcome.INTERRUPTED) {
            throw new InterruptedException("task " + task.name() + " was cancelled");
        }
        return wait.outcome() == SimWait.Outcome.READY;
    }

    void checkInterrupt() throws InterruptedException {
        SimTask task = current;
        if (task != null && task.runsHere()) {
            task.checkInterrupt();
        }
    }

    /** Hands the baton to whoever runs next, straight from one task to another; the driver only begins and ends. */
    private void pass(SimTask task) {
        SimTask next = next();
        if (next != task) {
            hand(next);
            task.standStill();
        }
    }

    private void hand(@Nullable SimTask next) {
        if (next == null) {
            drive.release();
        } else {
            next.resume();
        }
    }

    void ended(SimTask task, @Nullable Throwable failure) {
        alive.remove(task.id());
        if (failure != null) {
            failures.add(failure);
        }
        hand(next());
    }

    // --- who can run ---------------------------------------------------------------------------

    void runnable(SimTask task) {
        if (task.node().paused()) {
            task.node().keep(task);
        } else {
            runnable.add(task);
        }
    }

    /** Ends a wait; false when it had ended already. */
    boolean wake(SimWait wait, SimWait.Outcome outcome) {
        if (wait.outcome() != null || wait.task().done()) {
            return false;
        }
        wait.end(outcome);
        timers.remove(wait);
        conditions.remove(wait);
        wait.task().waitsFor(null);
        runnable(wait.task());
        return true;
    }

    void hold(SimNode node) {
        for (SimTask task : List.copyOf(runnable)) {
            if (task.node() == node) {
                runnable.remove(task);
                node.keep(task);
            }
        }
    }

    void crash(SimNode node) {
        for (SimTask task : List.copyOf(alive.values())) {
            if (task.node() == node) {
                task.kill();
                alive.remove(task.id());
            }
        }
        runnable.removeIf(SimTask::done);
        timers.removeIf(wait -> wait.task().done());
        conditions.dropDead();
        SimTask task = current;
        if (task != null && task.runsHere() && task.node() == node) {
            pass(task);
        }
    }

    // --- the driver ----------------------------------------------------------------------------

    /** Runs the world until the condition holds or virtual time comes to the deadline; whether it held. */
    boolean drive(BooleanSupplier finished, long deadline) {
        if (drive.runs()) {
            throw new IllegalStateException("only a task may wait while the world runs");
        }
        drive = new SimDrive(finished, deadline, this::next);
        return drive.watch(this::steps, this::running);
    }

    /** Moves the world on to its next step: whose it is, or null when the drive is over. In whoever has the baton. */
    private @Nullable SimTask next() {
        try {
            SimTask before = current;
            current = null;
            if (before != null) {
                look(before);
            }
            return choose();
        } catch (RuntimeException | Error e) {
            drive.breaks(e);
            return null;
        }
    }

    private void look(SimTask before) {
        if (before.failure().orElse(null) instanceof AssertionError wrong) {
            throw wrong;
        }
        observers.forEach(Runnable::run);
    }

    private @Nullable SimTask choose() {
        while (!drive.reached()) {
            moveTo(now);
            conditions.ready().forEach(wait -> wake(wait, SimWait.Outcome.READY));
            if (!runnable.isEmpty()) {
                return step();
            } else if (!timers.isEmpty() && timers.first().deadline() <= drive.limit()) {
                moveTo(timers.first().deadline());
            } else if (drive.limit() == Long.MAX_VALUE) {
                throw new AssertionError("everybody waits and no timer is set:\n" + dump());
            } else if (now < drive.limit()) {
                moveTo(drive.limit());
            } else {
                return null;
            }
        }
        return null;
    }

    private SimTask step() {
        int index = choice.nextInt(runnable.size());
        SimTask task = runnable.set(index, runnable.getLast());
        runnable.removeLast();
        steps++;
        if (++stepsAtTime > STEPS_WITHOUT_TIME) {
            throw new AssertionError("time stands still after " + STEPS_WITHOUT_TIME + " steps:\n" + dump());
        }
        history.step(task.id(), now);
        current = task;
        return task;
    }

    private void moveTo(long time) {
        if (time > now) {
            now = time;
            stepsAtTime = 0;
        }
        while (!timers.isEmpty() && timers.first().deadline() <= now) {
            wake(timers.first(), SimWait.Outcome.TIMED_OUT);
        }
    }

    // --- looking at it -------------------------------------------------------------------------

    private boolean inside() {
        SimTask task = current;
        return task != null && task.runsHere();
    }

    long now() {
        return now;
    }

    long deadline(Duration fromNow) {
        return after(SimConditions.clamp(fromNow));
    }

    private long after(long nanos) {
        return nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + Math.max(0, nanos);
    }

    SimTrace history() {
        return history;
    }

    long steps() {
        return steps;
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    void observe(Runnable check) {
        observers.add(check);
    }

    void lateTimers(long maxNanos) {
        maxLateNanos = maxNanos;
    }

    String dump() {
        return "at " + now / 1_000_000 + " ms after " + steps + " steps\n"
                + alive.values().stream().map(SimTask::toString).collect(Collectors.joining("\n"));
    }

    private String running() {
        SimTask task = current;
        return task == null ? "nobody runs" : task.stack();
    }
}
