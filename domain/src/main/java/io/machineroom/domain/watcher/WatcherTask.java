package io.machineroom.domain.watcher;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The body of one task that asks a watcher, or all the quick watchers of a machine in turn. It sleeps until the next of
 * them is due or something knocks. Of a thousand machines a task for each watcher would be mostly stacks and wake-ups.
 */
public final class WatcherTask {
    /** Why a task is nudged. */
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

    private static final Duration LONG = Duration.ofDays(1);

    private final List<WatcherRunner> runners;
    private final Mailbox<Nudge> nudges;
    private final TimeSource time;

    /**
     * A task.
     *
     * @param runners at least one
     * @param nudges where their machine and their own wake-ups knock; a knock is for all of them
     */
    public WatcherTask(List<WatcherRunner> runners, Mailbox<Nudge> nudges, TimeSource time) {
        this.runners = List.copyOf(runners);
        this.nudges = nudges;
        this.time = time;
    }

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

    /** Runs until it is interrupted; closes the watchers. */
    public void run() throws InterruptedException {
        try {
            for (WatcherRunner runner : runners) {
                runner.begin();
            }
            while (true) {
                step();
            }
        } finally {
            runners.forEach(WatcherRunner::close);
        }
    }

    private void step() throws InterruptedException {
        hear(patience());
        for (WatcherRunner runner : runners) {
            if (nudges.size() > 0) {
                hear(Duration.ZERO); // what the one before found may have moved the machine
            }
            runner.act();
        }
    }

    private Duration patience() {
        long next = WatcherRunner.NEVER;
        for (WatcherRunner runner : runners) {
            next = Math.min(next, runner.next());
        }
        return next == WatcherRunner.NEVER ? LONG : Duration.ofNanos(Math.max(0, next - time.ticks()));
    }

    /** Waits for a knock and gathers all that knocked; of several presses the last one counts. */
    private void hear(Duration wait) throws InterruptedException {
        Nudge first = nudges.poll(wait).orElse(null);
        if (first == null) {
            return;
        }
        List<Nudge> all = new ArrayList<>(List.of(first));
        all.addAll(nudges.drain(64));
        EnumSet<Nudge> heard = EnumSet.copyOf(all);
        if (heard.contains(Nudge.STOP)) {
            throw new InterruptedException("the machine stops");
        }
        Trigger pressed = all.lastIndexOf(Nudge.ON) > all.lastIndexOf(Nudge.OFF) ? Trigger.ON : Trigger.OFF;
        for (WatcherRunner runner : runners) {
            runner.knocked(heard, pressed);
        }
    }
}
