package io.machineroom.domain.machine;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.Told.Settled;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs a few machines without a node: no store, no deployment, data in memory. For their authors. The machines see each
 * other. Begun, asked and ended by one task.
 */
public final class Workbench implements MachineSurroundings.Neighbours {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Bench bench;
    private final Tasks tasks;
    private final MachineSurroundings around;
    private final List<Tasks.Task> running = new ArrayList<>();
    /** Guests come and go between the waits of tasks, never while somebody looks through it. */
    private final List<Machine> machines = new ArrayList<>();

    /**
     * Machines that do not run yet.
     *
     * @param jobs what to run
     * @param out takes every event; never blocks
     */
    public Workbench(Bench bench, List<Job> jobs, Events events, Consumer<Outgoing> out, WatcherCatalog catalog) {
        this.bench = bench;
        this.tasks = bench.tasks();
        this.around = new MachineSurroundings(
                bench.tasks(),
                bench.time(),
                bench.entropy(),
                events,
                out,
                bench.facts(),
                bench.buckets(),
                catalog,
                granted(bench, events, out),
                this);
        jobs.forEach(job -> machines.add(made(job)));
    }

    private Machine made(Job job) {
        return new Machine(
                job.definition(),
                job.directory(),
                MachineData.inMemory(bench.json(), job.data()),
                MachineMemory.none(bench.json()),
                around);
    }

    /**
     * What the machines work with.
     *
     * @param facts the facts as they are now
     * @param buckets desired state by bucket name
     * @param granted what watchers may ask for by type
     */
    public record Bench(
            Tasks tasks,
            TimeSource time,
            Entropy entropy,
            JsonFormat json,
            Supplier<Value.Obj> facts,
            Function<String, Bucket> buckets,
            Map<Class<?>, Object> granted) {
        public Bench {
            granted = Map.copyOf(granted);
        }
    }

    /** A machine to run, with the data it begins with. */
    public record Job(MachineDefinition definition, Path directory, Value.Obj data) {}

    private static Map<Class<?>, Object> granted(Bench bench, Events events, Consumer<Outgoing> out) {
        Map<Class<?>, Object> all = new java.util.LinkedHashMap<>(bench.granted());
        if (all.get(Governor.class) instanceof Governor governor) {
            all.put(Governors.class, new Governors(governor, events, out, bench.json()));
        }
        return all;
    }

    /** Starts all machines. */
    public void start() {
        machines.forEach(machine -> running.add(start(machine)));
    }

    private Tasks.Task start(Machine machine) {
        return tasks.fork("machine " + machine.ref().name(), machine::run);
    }

    /** Starts one more machine; only where one task runs at a time, as in virtual time. */
    public Guest add(Job job) {
        Machine machine = made(job);
        machines.add(machine);
        Guest guest = new Guest(machine, start(machine));
        moved(machine.ref().name(), "");
        return guest;
    }

    /** A machine that was added, and may go again. */
    public final class Guest {
        private final Machine machine;
        private final Tasks.Task task;

        private Guest(Machine machine, Tasks.Task task) {
            this.machine = machine;
            this.task = task;
        }

        /** Whether its watchers run, or wait for their splay. */
        public boolean runs() {
            return machine.view().started() || machine.rests();
        }

        /** What ended it although nobody asked; empty while it runs. */
        public Optional<String> broken() {
            return task.done()
                    ? Optional.of(task.failure().map(Throwable::toString).orElse("it ended"))
                    : Optional.empty();
        }

        /** Stops it, watchers first, and lets it go; returns the data it leaves. */
        public Value.Obj leave() throws InterruptedException {
            task.cancel();
            task.join(PATIENCE);
            machines.remove(machine);
            moved(machine.ref().name(), "");
            return machine.view().data();
        }
    }

    /** Stops all machines but guests, watchers first. */
    public void stop() throws InterruptedException {
        running.forEach(Tasks.Task::cancel);
        for (Tasks.Task task : running) {
            task.join(PATIENCE);
        }
    }

    /** What ended a machine that nobody stopped, one sentence each. */
    public List<String> broken() {
        return running.stream()
                .flatMap(task -> task.failure().stream().map(e -> task.name() + " broke: " + e))
                .toList();
    }

    /** Names of the machines, in order. */
    public List<String> names() {
        return machines.stream().map(machine -> machine.ref().name()).toList();
    }

    /** The data of a machine; empty when there is none of that name. */
    public Optional<Value.Obj> data(String machine) {
        return find(machine).map(m -> m.view().data());
    }

    /** What a watcher found last, {@code outcome} and perhaps {@code reason}; empty when nothing, or when it is not there. */
    public Optional<Value.Obj> found(String machine, String watcher) {
        return find(machine).flatMap(m -> m.view().watchers().obj(watcher));
    }

    /** Presses a switch; false when there is no watcher of that name. */
    public boolean press(String machine, String watcher, boolean on) {
        return find(machine)
                .filter(m -> m.definition().watchers().stream()
                        .anyMatch(w -> w.name().equals(watcher) && w.type().equals("httpswitch")))
                .map(m -> m.tell(new Told.Pressed(watcher, on)))
                .orElse(false);
    }

    /** Transitions possible now. */
    public List<String> available(String machine) {
        return find(machine).map(Machine::available).orElse(List.of());
    }

    /** Asks for a transition and waits for it; whether the machine made it, or is there already. */
    public boolean fire(String machine, String transition) throws InterruptedException {
        Mailbox<Settled> answer = tasks.mailbox(1);
        boolean told = find(machine)
                .map(m -> m.tell(new Told.Wanted(transition, answer)))
                .orElse(false);
        Settled settled = told ? answer.poll(PATIENCE).orElse(Settled.DROPPED) : Settled.DROPPED;
        return settled == Settled.MOVED || settled == Settled.STAYED;
    }

    @Override
    public Optional<String> state(String machine) {
        return find(machine).map(m -> m.view().state());
    }

    @Override
    public void moved(String machine, String event) {
        machines.forEach(other -> other.tell(new Told.Moved(machine, event)));
    }

    private Optional<Machine> find(String name) {
        return machines.stream().filter(m -> m.ref().name().equals(name)).findFirst();
    }
}
