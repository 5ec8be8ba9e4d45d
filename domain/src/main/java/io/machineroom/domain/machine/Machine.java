package io.machineroom.domain.machine;

import io.machineroom.domain.event.Events.MachineRef;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherTask;
import io.machineroom.domain.watcher.WatcherTask.Nudge;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.watcher.Outcome;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One machine: an actor with one mailbox. Its task alone changes state and data; watchers run in tasks of their own
 * and tell what they found. A transition that has to wait for the rate limiter waits as a deadline, while the mailbox
 * goes on being read. Other tasks see it through {@link #view} and speak to it through {@link #tell}.
 */
final class Machine {
    private static final System.Logger LOG = System.getLogger(Machine.class.getName());
    private static final int MAILBOX = 256;
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final MachineDefinition definition;
    private final StateMachine table;
    private final MachineRef ref;
    private final Path directory;
    private final MachineData data;
    private final MachineMemory memory;
    private final MachineSurroundings around;
    private final MachineNews news;
    private final Mailbox<Told> mailbox;
    private final Transitions transitions;
    private final List<Running> runners = new ArrayList<>();
    private final Set<String> heard;
    private long startAt;
    private volatile MachineView view;
    private volatile boolean stopping;

    /**
     * A machine that does not run yet, in the state it remembers, else in its initial one.
     *
     * @param directory working directory of its commands
     * @param data its data, already read
     */
    Machine(
            MachineDefinition definition,
            Path directory,
            MachineData data,
            MachineMemory memory,
            MachineSurroundings around) {
        this.definition = definition;
        this.table = StateMachine.of(definition.initialState(), definition.transitions());
        this.ref = new MachineRef(
                definition.name(), definition.version(), around.entropy().uuid());
        this.directory = directory;
        this.data = data;
        this.memory = memory;
        this.around = around;
        this.news = new MachineNews(ref, around);
        this.heard = definition.heard();
        this.mailbox = around.tasks().mailbox(MAILBOX);
        this.transitions = new Transitions(table, new TransitionLimiter(around.entropy()), around.time(), new Moves());
        this.view = new MachineView(memory.state().orElse(table.initial()), false, 0, data.values(), memory.watchers());
    }

    /** Watchers that share a task. */
    private record Running(List<WatcherSpec> specs, Tasks.Task task, Mailbox<Nudge> nudges) {
        boolean has(Predicate<WatcherSpec> what) {
            return specs.stream().anyMatch(what);
        }
    }

    MachineDefinition definition() {
        return definition;
    }

    MachineRef ref() {
        return ref;
    }

    Path directory() {
        return directory;
    }

    MachineView view() {
        return view;
    }

    List<String> available() {
        return table.available(view.state());
    }

    /** Puts something into its mailbox; false when it is full. From any task; never blocks. */
    boolean tell(Told told) {
        return mailbox.offer(told);
    }

    /** Whether it has to be told when a machine of that name moves. */
    boolean hears(String machine) {
        return heard.contains(machine);
    }

    /** Whether it waits for its splay, which may take longer than a deployment is watched. */
    boolean rests() {
        return !definition.splayStart().isZero() && !view.started() && !stopping;
    }

    /** Whether it reads its mailbox no longer. */
    boolean stopping() {
        return stopping;
    }

    /** Runs until interrupted; then stops its watchers and returns. */
    void run() throws InterruptedException {
        long splay = definition.splayStart().toSeconds();
        long wait = splay > 0 ? around.entropy().below(splay) : 0;
        startAt = around.time().ticks() + Duration.ofSeconds(wait).toNanos();
        try {
            while (true) {
                if (!view.started() && around.time().ticks() - startAt >= 0) {
                    start();
                }
                mailbox.poll(patience()).ifPresent(this::on);
                transitions.drive();
            }
        } finally {
            stop();
        }
    }

    private Duration patience() {
        long wait = transitions.patience(Duration.ofHours(1).toNanos());
        long begin = view.started() ? wait : startAt - around.time().ticks();
        return Duration.ofNanos(Math.max(0, Math.min(wait, begin)));
    }

    private void start() {
        WatcherStarter starter = new WatcherStarter(this, around);
        for (List<WatcherSpec> specs : starter.shares()) {
            Mailbox<Nudge> nudges = WatcherTask.nudges(around.tasks());
            String name = "watcher " + definition.name() + "#" + WatcherStarter.names(specs);
            Tasks.Task task = around.tasks().fork(name, starter.body(specs, nudges));
            runners.add(new Running(specs, task, nudges));
        }
        show(view.state(), true);
        if (definition.persistState()) {
            memory.moved(view.state());
        }
        news.started(view.state());
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
            news.stopped(view.state());
        }
    }

    private void show(String state, boolean started) {
        long since = started
                ? (view.started() ? view.startTime() : around.time().wall().getEpochSecond())
                : 0;
        view = new MachineView(state, started, since, data.values(), memory.watchers());
    }

    private void on(Told told) {
        switch (told) {
            case Told.Found found -> found(found);
            case Told.Keep keep -> keep.answer().offer(kept(keep));
            case Told.Moved moved -> moved(moved);
            case Told.Pressed pressed -> pressed(pressed);
            case Told.Wanted wanted -> transitions.want(wanted.transition(), wanted.answer()::offer);
            case Told.Ended ended ->
                throw new IllegalStateException("watcher " + ended.watcher() + " ended: " + ended.reason());
        }
    }

    private void pressed(Told.Pressed pressed) {
        for (Running running : runners) {
            if (running.has(spec -> spec.name().equals(pressed.watcher()))) {
                WatcherTask.nudge(running.nudges(), pressed.on() ? Nudge.ON : Nudge.OFF);
            }
        }
    }

    private void found(Told.Found found) {
        news.watcher(found);
        Outcome outcome = found.outcome();
        if (outcome != null) {
            memory.found(found.watcher().name(), remark(found, outcome));
            show(view.state(), view.started());
        }
        Consumer<Told.Settled> settled = any -> found.answer().offer(true);
        switch (outcome) {
            case Outcome.Succeeded succeeded
            when succeeded.fire() -> transitions.want(found.watcher().success(), settled);
            case Outcome.Failed failed
            when failed.fire() -> transitions.want(found.watcher().failure(), settled);
            case Outcome.Requested requested -> transitions.want(requested.transition(), settled);
            case null, default -> settled.accept(Told.Settled.NOTHING);
        }
    }

    private static Value.Obj remark(Told.Found found, Outcome outcome) {
        Value.Obj own = found.state().with("outcome", Value.text(outcome.detail()));
        return outcome instanceof Outcome.Failed failed ? own.with("reason", Value.text(failed.reason())) : own;
    }

    private Optional<PortException> kept(Told.Keep keep) {
        try {
            data.change(keep.values(), keep.gone());
            return Optional.empty();
        } catch (PortException e) {
            LOG.log(Level.WARNING, () -> "Could not save data to machine_data.json: " + e.getMessage());
            return Optional.of(e);
        } finally {
            show(view.state(), view.started());
            // whoever follows the data need not wait for its next glance at them
            runners.stream()
                    .filter(running -> running.has(spec -> PluginsWatcher.NAMES.contains(spec.type())))
                    .forEach(running -> WatcherTask.nudge(running.nudges(), Nudge.WAKE));
        }
    }

    private void moved(Told.Moved moved) {
        for (Transition transition : definition.transitions()) {
            boolean subscribed = transition.subscribe().stream()
                    .anyMatch(s ->
                            s.machine().equals(moved.machine()) && s.event().equals(moved.event()));
            if (subscribed) {
                transitions.want(transition.name(), any -> {});
            }
        }
        for (Running running : runners) {
            if (running.has(spec ->
                    spec.foreignStates().stream().anyMatch(f -> f.machine().equals(moved.machine())))) {
                WatcherTask.nudge(running.nudges(), Nudge.FOREIGN);
            }
        }
    }

    /** What its transitions do to it. */
    private final class Moves implements Transitions.Mover {
        @Override
        public String name() {
            return definition.name();
        }

        @Override
        public String state() {
            return view.state();
        }

        @Override
        public void move(String event, String to) {
            moveTo(event, to);
        }

        @Override
        public void refused(String event) {
            news.refused(event, view.state());
        }
    }

    private void moveTo(String event, String to) {
        String from = view.state();
        show(to, view.started());
        if (definition.persistState()) {
            memory.moved(to);
        }
        news.moved(event, from, to);
        runners.forEach(running -> WatcherTask.nudge(running.nudges(), Nudge.STATE));
        around.neighbours().moved(ref.name(), event);
    }
}
