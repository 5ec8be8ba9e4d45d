package io.machineroom.domain.machine;

import io.machineroom.domain.event.Events.MachineRef;
import io.machineroom.domain.event.Events.WatcherRef;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.watcher.WatcherRunner;
import io.machineroom.domain.watcher.WatcherRunner.Nudge;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.watcher.Outcome;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One machine: an actor with one mailbox. Its task alone changes state and data; watchers run in tasks of their own
 * and tell what they found. A transition that has to wait for the rate limiter waits as a deadline, while the mailbox
 * goes on being read. Other tasks see it through {@link #view} and speak to it through {@link #tell}.
 */
final class Machine {
    private static final System.Logger LOG = System.getLogger(Machine.class.getName());
    private static final int MAILBOX = 256;
    private static final int MAX_WAITING = 128;
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final MachineDefinition definition;
    private final StateMachine table;
    private final MachineRef ref;
    private final Path directory;
    private final MachineData data;
    private final MachineSurroundings around;
    private final Mailbox<Told> mailbox;
    private final TransitionLimiter limiter;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Running> runners = new ArrayList<>();
    private @Nullable Long due;
    private volatile View view;
    private volatile boolean stopping;

    /**
     * A machine that does not run yet, in its initial state.
     *
     * @param directory working directory of its commands
     * @param data its data, already read
     */
    Machine(MachineDefinition definition, Path directory, MachineData data, MachineSurroundings around) {
        this.definition = definition;
        this.table = StateMachine.of(definition.initialState(), definition.transitions());
        this.ref = new MachineRef(
                definition.name(), definition.version(), around.entropy().uuid());
        this.directory = directory;
        this.data = data;
        this.around = around;
        this.mailbox = around.tasks().mailbox(MAILBOX);
        this.limiter = new TransitionLimiter(around.entropy());
        this.view = new View(table.initial(), false, 0, data.values());
    }

    /**
     * What others see: written by the machine's task, whole.
     *
     * @param startTime Unix seconds when its watchers started; 0 when not
     */
    record View(String state, boolean started, long startTime, Value.Obj data) {}

    private record Running(WatcherSpec spec, Tasks.Task task, Mailbox<Nudge> nudges) {}

    /** A transition that somebody wants, and what to do when it has happened or was dropped. */
    private record Waiting(String transition, Runnable settled) {}

    MachineDefinition definition() {
        return definition;
    }

    MachineRef ref() {
        return ref;
    }

    Path directory() {
        return directory;
    }

    View view() {
        return view;
    }

    List<String> available() {
        return table.available(view.state());
    }

    /** Puts something into its mailbox; false when it is full. From any task; never blocks. */
    boolean tell(Told told) {
        return mailbox.offer(told);
    }

    /** Whether it reads its mailbox no longer. */
    boolean stopping() {
        return stopping;
    }

    /** Runs until interrupted; then stops its watchers and returns. */
    void run() throws InterruptedException {
        long splay = definition.splayStart().toSeconds();
        if (splay > 0) {
            around.tasks().sleep(Duration.ofSeconds(around.entropy().below(splay)));
        }
        try {
            start();
            while (true) {
                mailbox.poll(patience()).ifPresent(this::on);
                drive();
            }
        } finally {
            stop();
        }
    }

    private Duration patience() {
        Long until = due;
        return until == null
                ? Duration.ofHours(1)
                : Duration.ofNanos(Math.max(0, until - around.time().ticks()));
    }

    private void start() {
        WatcherStarter starter = new WatcherStarter(this, around);
        for (WatcherSpec spec : definition.watchers()) {
            Mailbox<Nudge> nudges = WatcherRunner.nudges(around.tasks());
            String name = "watcher " + definition.name() + "#" + spec.name();
            Tasks.Task task = around.tasks().fork(name, starter.body(spec, nudges));
            runners.add(new Running(spec, task, nudges));
        }
        show(view.state(), true);
        around.out().accept(around.events().product("machine_started", about()));
    }

    private void stop() throws InterruptedException {
        stopping = true;
        runners.forEach(running -> running.task().cancel());
        for (Running running : runners) {
            if (!running.task().join(STOP_GRACE)) {
                LOG.log(Level.ERROR, () -> running.task().name() + " does not stop");
            }
        }
        if (view.started()) {
            show(view.state(), false);
            around.out().accept(around.events().product("machine_stopped", about()));
        }
    }

    private Value.Obj about() {
        return Value.obj(
                        "machine", Value.text(ref.name()),
                        "version", Value.text(ref.version()),
                        "id", Value.text(ref.instance()))
                .with("state", Value.text(view.state()));
    }

    private void show(String state, boolean started) {
        long since = started
                ? (view.started() ? view.startTime() : around.time().wall().getEpochSecond())
                : 0;
        view = new View(state, started, since, data.values());
    }

    private void on(Told told) {
        switch (told) {
            case Told.Found found -> found(found);
            case Told.Keep keep -> keep.answer().offer(kept(keep));
            case Told.Moved moved -> moved(moved);
            case Told.Pressed pressed -> pressed(pressed);
            case Told.Wanted wanted -> want(wanted.transition(), Machine::nobodyWaits);
            case Told.Ended ended ->
                throw new IllegalStateException("watcher " + ended.watcher() + " ended: " + ended.reason());
        }
    }

    private void pressed(Told.Pressed pressed) {
        for (Running running : runners) {
            if (running.spec().name().equals(pressed.watcher())) {
                WatcherRunner.nudge(running.nudges(), pressed.on() ? Nudge.ON : Nudge.OFF);
            }
        }
    }

    private void found(Told.Found found) {
        Outcome outcome = found.outcome();
        if (outcome == null || outcome.announce()) {
            Value.Obj state = outcome instanceof Outcome.Failed failed && !failed.reason().isEmpty()
                    ? found.state().with("reason", Value.text(failed.reason()))
                    : found.state();
            WatcherRef watcher = new WatcherRef(
                    found.watcher().type(),
                    found.eventVersion(),
                    found.watcher().name());
            around.out().accept(around.events().watcherState(ref, watcher, state));
        }
        Runnable settled = () -> found.answer().offer(true);
        switch (outcome) {
            case Outcome.Succeeded succeeded
            when succeeded.fire() -> want(found.watcher().success(), settled);
            case Outcome.Failed failed
            when failed.fire() -> want(found.watcher().failure(), settled);
            case Outcome.Requested requested -> want(requested.transition(), settled);
            case null, default -> settled.run();
        }
    }

    private Optional<PortException> kept(Told.Keep keep) {
        try {
            if (keep.value() == null) {
                data.remove(keep.key());
            } else {
                data.put(keep.key(), keep.value());
            }
            return Optional.empty();
        } catch (PortException e) {
            LOG.log(Level.WARNING, () -> "Could not save data to machine_data.json: " + e.getMessage());
            return Optional.of(e);
        } finally {
            show(view.state(), view.started());
        }
    }

    private void moved(Told.Moved moved) {
        for (Transition transition : definition.transitions()) {
            boolean subscribed = transition.subscribe().stream()
                    .anyMatch(s ->
                            s.machine().equals(moved.machine()) && s.event().equals(moved.event()));
            if (subscribed) {
                want(transition.name(), Machine::nobodyWaits);
            }
        }
        for (Running running : runners) {
            if (running.spec().foreignStates().stream()
                    .anyMatch(f -> f.machine().equals(moved.machine()))) {
                WatcherRunner.nudge(running.nudges(), Nudge.FOREIGN);
            }
        }
    }

    private static void nobodyWaits() {}

    private void want(String transition, Runnable settled) {
        if (transition.isEmpty()) {
            settled.run();
        } else if (waiting.size() >= MAX_WAITING) {
            LOG.log(Level.WARNING, () -> ref.name() + ": dropped '" + transition + "', too many wait");
            settled.run();
        } else {
            waiting.addLast(new Waiting(transition, settled));
            drive();
        }
    }

    /** Takes the transitions that may happen now, in order; the first that has to wait sets the deadline. */
    private void drive() {
        while (!waiting.isEmpty()) {
            String event = waiting.getFirst().transition();
            Optional<String> destination = table.destination(view.state(), event);
            long now = around.time().ticks();
            if (destination.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        () -> ref.name() + ": Could not fire '" + event + "' event while in " + view.state());
            } else if (!destination.get().equals(view.state())) {
                if (due == null) {
                    due = now + limiter.delay(now).toNanos();
                }
                if (now - due < 0) {
                    return;
                }
                move(event, destination.get());
            }
            waiting.removeFirst().settled().run();
            due = null;
        }
    }

    private void move(String event, String to) {
        String from = view.state();
        show(to, view.started());
        around.out().accept(around.events().transition(ref, event, from, to));
        runners.forEach(running -> WatcherRunner.nudge(running.nudges(), Nudge.STATE));
        around.neighbours().moved(ref.name(), event);
    }
}
