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

    private final Tasks tasks;
    private final List<Machine> machines;
    private final List<Tasks.Task> running = new java.util.ArrayList<>();

    /**
     * Machines that do not run yet.
     *
     * @param jobs what to run
     * @param out takes every event; never blocks
     */
    public Workbench(Bench bench, List<Job> jobs, Events events, Consumer<Outgoing> out, WatcherCatalog catalog) {
        this.tasks = bench.tasks();
        MachineSurroundings around = new MachineSurroundings(
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
        this.machines = jobs.stream()
                .map(job -> new Machine(
                        job.definition(),
                        job.directory(),
                        MachineData.inMemory(bench.json(), job.data()),
                        MachineMemory.none(bench.json()),
                        around))
                .toList();
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
        machines.forEach(
                machine -> running.add(tasks.fork("machine " + machine.ref().name(), machine::run)));
    }

    /** Stops all machines, watchers first. */
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
