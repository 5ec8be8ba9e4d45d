package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * Tasks, time and randomness of a simulated world. One task runs at a time; who runs next is drawn
 * from the seed at every wait; time stands still while anybody can run and then jumps to the next
 * timer. The same seed gives the same {@link #history()}.
 *
 * <p>A test either puts all it does into {@link #run}, or forks tasks and moves the world with
 * {@link #advance}, {@link #runUntil} and {@link #settle}. From outside a task a wait moves the world:
 * {@code sleep} advances it, {@code take} and {@code join} run it until there is an answer.
 */
public final class SimTasks implements Tasks {
    /** Wall time at which every simulated world begins. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final SimScheduler scheduler;
    private final SimClock clock;
    private final SimEntropy entropy;
    private final SimNode world;

    public SimTasks(long seed) {
        scheduler = new SimScheduler(seed);
        clock = new SimClock(scheduler);
        entropy = new SimEntropy(seed ^ 0x5DEECE66DL);
        world = new SimNode("world", scheduler);
    }

    public TimeSource time() {
        return clock;
    }

    public Entropy entropy() {
        return entropy;
    }

    /** Moves the wall clock against the ticks, as an administrator or NTP does. */
    public void jumpWall(Duration by) {
        clock.jump(by);
    }

    /** A process of its own, with tasks that can be crashed or paused together. */
    public SimNode node(String name) {
        return new SimNode(name, scheduler);
    }

    /** Lets timers come late by up to that much, drawn for each. */
    public SimTasks lateTimers(Duration max) {
        scheduler.lateTimers(max.toNanos());
        return this;
    }

    /** Runs after every step of every task; what it throws ends the run. For invariants. */
    public SimTasks afterEachStep(Runnable check) {
        scheduler.observe(check);
        return this;
    }

    /**
     * Runs a body as a task until it ends, whatever virtual time that takes, and throws what it threw.
     * Other tasks stop where they are and go on with the next run.
     *
     * @throws AssertionError when everybody waits for everybody, with a list of who waits for what
     */
    public void run(Body body) {
        SimTask main = world.fork("run", body);
        scheduler.drive(main::done, Long.MAX_VALUE);
        Throwable failure = main.failure().orElse(null);
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw new AssertionError("the body was interrupted", failure);
        }
    }

    /** Runs everybody for that much virtual time. */
    public void advance(Duration duration) {
        scheduler.drive(() -> false, scheduler.deadline(duration));
    }

    /** Runs until the condition holds, for ever if need be; everybody waiting is a failure. */
    public void runUntil(BooleanSupplier condition) {
        scheduler.drive(condition, Long.MAX_VALUE);
    }

    /** Runs until the condition holds; false when it did not within that virtual time. */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        return scheduler.drive(condition, scheduler.deadline(limit));
    }

    /** Runs everybody who can run now; no timer fires beyond those due. */
    public void settle() {
        advance(Duration.ZERO);
    }

    /**
     * Waits inside a task for a condition of the simulated world, looked at after every step; false
     * when it did not hold within the time. For simulated ports that block.
     */
    public boolean await(String what, BooleanSupplier condition, Duration limit) throws InterruptedException {
        return scheduler.await(what, condition, limit);
    }

    /** As {@link #await(String, BooleanSupplier, Duration)} without a limit. */
    public void await(String what, BooleanSupplier condition) throws InterruptedException {
        scheduler.await(what, condition, FOREVER);
    }

    /** For the stores of one disk: who waits there is asked again when something changes there, not after every step. */
    public SimStorage.Waits waits() {
        return new SimQueueOfWaits(scheduler);
    }

    /** Digest of all choices so far: equal for equal seeds and equal programs. */
    public String history() {
        return Long.toHexString(scheduler.history().value());
    }

    /** Mixes what happened into the history; for simulated ports, so that equal histories mean equal calls. */
    public void note(CharSequence what) {
        scheduler.history().note(what);
    }

    /** Steps so far. */
    public long steps() {
        return scheduler.steps();
    }

    /** Who is there and what they wait for, one task a line. */
    public String dump() {
        return scheduler.dump();
    }

    /** What ended tasks that did not end well, oldest first. */
    public List<Throwable> failures() {
        return scheduler.failures();
    }

    @Override
    public Task fork(String name, Body body) {
        return world.fork(name, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        world.sleep(duration);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity) {
        return world.mailbox(capacity);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity, long maxWeight, ToLongFunction<? super T> weight) {
        return world.mailbox(capacity, maxWeight, weight);
    }
}
