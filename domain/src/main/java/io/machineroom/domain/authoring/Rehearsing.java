package io.machineroom.domain.authoring;

import io.machineroom.domain.authoring.TestReport.Move;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.DeployerPorts;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.flow.Unmeasured;
import io.machineroom.domain.machine.MachineDefinition;
import io.machineroom.domain.machine.Workbench;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.watcher.Trees;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.VirtualTime;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lives a script through in virtual time. Lives as long as one rehearsal. */
final class Rehearsing {
    private static final int MOST_MOVES = 100_000;
    private static final String PRODUCT = "io.machineroom.";

    private final TestScript script;
    private final VirtualTime world;
    private final AuthorPorts ports;
    private final RehearsedFiles files;
    private final RehearsedArtifacts artifacts;
    private final RehearsedLists lists;
    private final ScriptedProcesses processes;
    private final ScriptedDownloads downloads;
    private final ScriptedBuckets buckets;
    private final ScriptedSlots slots = new ScriptedSlots();
    private final Events events;
    private final List<Move> moves = new ArrayList<>();
    private final Map<String, Long> told = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private Value.Obj facts;

    /**
     * A rehearsal that has not begun.
     *
     * @param files what its watchers see of the disk
     */
    Rehearsing(TestScript script, VirtualTime world, AuthorPorts ports, RehearsedFiles files) {
        this.script = script;
        this.world = world;
        this.ports = ports;
        this.files = files;
        this.facts = script.facts();
        this.artifacts = new RehearsedArtifacts(files, ports.archives(), ports.signatures());
        this.lists = new RehearsedLists(artifacts, ports.json());
        this.processes = new ScriptedProcesses(script.commands(), world.tasks(), world.time());
        this.downloads = new ScriptedDownloads(script.downloads(), files, ports.files(), world.tasks());
        this.buckets = new ScriptedBuckets(ports.json());
        this.events = new Events("rehearsal", Events.COMPONENT_SERVER, "0.0.0", world.time(), world.entropy());
        script.keys().forEach((key, value) -> buckets.put(key, lists.signed(value)));
        script.files().forEach(files::write);
        script.governors().forEach(slots::become);
    }

    /**
     * Runs the machines, at least that long.
     *
     * @param catalog kinds of watchers, without those that deploy
     */
    TestReport run(List<Sheet> sheets, WatcherCatalog catalog, Duration least) throws InterruptedException {
        Governor governor = new Governor(
                () -> slots, new Governor.Means(world.tasks(), world.time(), world.entropy(), new Unmeasured()));
        RehearsedPlugins plugins = plugins(sheets, catalog, governor);
        Workbench.Bench bench = new Workbench.Bench(
                world.tasks(),
                world.time(),
                world.entropy(),
                ports.json(),
                () -> facts,
                buckets::open,
                granted(governor));
        Workbench machines = new Workbench(bench, jobs(sheets), events, this::told, plugins.catalog());
        Tasks.Task deployed = world.tasks().fork("plugins", () -> plugins.run(machines));
        machines.start();
        world.advance(Duration.ZERO);
        Duration now = Duration.ZERO;
        for (TestScript.Step step : script.steps()) {
            now = until(now, step.at());
            act(machines, step);
        }
        Duration length = script.length().compareTo(least) > 0 ? script.length() : least;
        now = until(now, length);
        failures.addAll(machines.broken());
        machines.stop();
        deployed.cancel();
        deployed.join(Duration.ofMinutes(1));
        processes.unscripted().forEach(line -> failures.add("the script has no result for the command: " + line));
        failures.addAll(downloads.unscripted());
        return new TestReport(moves, failures, Unrehearsed.of(sheets), now);
    }

    private RehearsedPlugins plugins(List<Sheet> sheets, WatcherCatalog catalog, Governor governor) {
        DeployerPorts means = new DeployerPorts(
                RehearsedPlugins.store(files, ports, artifacts),
                ports.json(),
                artifacts,
                downloads,
                artifacts,
                files,
                world.time(),
                world.entropy(),
                Optional.of(new Governors(governor, events, this::told, ports.json())));
        return new RehearsedPlugins(
                means,
                ports.yaml(),
                world.tasks(),
                lists.key(script.signingKey(), sheets),
                new RehearsedPlugins.Told(events, this::told),
                catalog);
    }

    private Map<Class<?>, Object> granted(Governor governor) {
        Map<Class<?>, Object> all = new LinkedHashMap<>();
        all.put(ProcessRunner.class, processes);
        all.put(JsonFormat.class, ports.json());
        all.put(HostFiles.class, files);
        all.put(Governor.class, governor);
        all.put(Trees.class, files.trees());
        all.put(Signatures.class, artifacts);
        all.put(ArchiveReader.class, artifacts);
        all.put(ArtifactStore.class, downloads);
        all.put(ArchiveLimits.class, ArchiveLimits.defaults());
        return all;
    }

    private Duration until(Duration now, Duration then) throws InterruptedException {
        Duration passed = Duration.ofNanos(world.time().ticks());
        if (then.compareTo(passed) > 0) {
            world.advance(then.minus(passed));
        }
        return then.compareTo(now) > 0 ? then : now;
    }

    private List<Workbench.Job> jobs(List<Sheet> sheets) {
        List<Workbench.Job> jobs = new ArrayList<>();
        for (Sheet sheet : sheets) {
            MachineDefinition machine = sheet.definition().orElseThrow();
            jobs.add(new Workbench.Job(
                    machine, sheet.directory(), jobs.isEmpty() ? lists.signedItems(script.data()) : Value.obj()));
        }
        return jobs;
    }

    private void told(Outgoing out) {
        Value.Obj data = out.event().data();
        String type = out.event().type();
        if (type.startsWith(PRODUCT)) {
            told.merge(type.substring(PRODUCT.length(), type.lastIndexOf('.')), 1L, Long::sum);
        }
        if (type.equals("io.choria.machine.v1.transition") && moves.size() < MOST_MOVES) {
            moves.add(new Move(
                    Duration.ofNanos(world.time().ticks()),
                    data.text("machine").orElse(""),
                    data.text("transition").orElse(""),
                    data.text("from_state").orElse(""),
                    data.text("to_state").orElse("")));
        }
    }

    private void act(Workbench machines, TestScript.Step step) throws InterruptedException {
        String machine = step.machine().isEmpty() ? machines.names().getFirst() : step.machine();
        String where = "line " + step.line() + ", after " + Durations.print(step.at()) + ": " + machine + ": ";
        if (machines.state(machine).isEmpty()) {
            failures.add(where + "there is no machine of that name");
            return;
        }
        switch (step.what()) {
            case TestScript.Fire fire -> {
                if (!machines.fire(machine, fire.transition())) {
                    failures.add(where + "'" + fire.transition() + "' is not possible in "
                            + machines.state(machine).orElse("") + ", possible are "
                            + machines.available(machine));
                }
            }
            case TestScript.Press(String watcher, boolean on) -> {
                if (!machines.press(machine, watcher, on)) {
                    failures.add(where + "there is no switch '" + watcher + "'");
                }
            }
            case TestScript.Facts changed -> {
                for (Map.Entry<String, Value> fact : changed.facts().fields().entrySet()) {
                    facts = facts.with(fact.getKey(), fact.getValue());
                }
            }
            case TestScript.Put put -> buckets.put(put.key(), lists.signed(put.value()));
            case TestScript.Delete delete -> buckets.delete(delete.key());
            case TestScript.Write write -> files.write(write.path(), write.text());
            case TestScript.Governor changed -> slots.become(changed.name(), changed.standing());
            case TestScript.Remove remove -> files.remove(remove.path());
            case TestScript.Expect expect -> judge(machines, machine, expect, where);
        }
    }

    private void judge(Workbench machines, String machine, TestScript.Expect expect, String where) {
        String state = machines.state(machine).orElse("");
        if (!expect.state().isEmpty() && !expect.state().equals(state)) {
            failures.add(where + "the state is " + state + ", expected is " + expect.state());
        }
        Value.Obj data = machines.data(machine).orElse(Value.obj());
        expect.data().fields().forEach((key, wanted) -> {
            Optional<Value> found = data.get(key);
            if (!found.equals(Optional.of(wanted))) {
                failures.add(where + "data." + key + " is "
                        + found.map(this::shown).orElse("absent") + ", expected is " + shown(wanted));
            }
        });
        long made = moves.stream().filter(m -> m.machine().equals(machine)).count();
        if (expect.moves() >= 0 && expect.moves() != made) {
            failures.add(where + made + " transitions so far, expected are " + expect.moves());
        }
        for (TestScript.Count count : expect.counts()) {
            long times = happened(count);
            if (times != count.times()) {
                failures.add(where + "'" + count.name() + "' " + count.what().verb() + " " + times
                        + " times, expected is " + count.times());
            }
        }
        expect.outcomes().forEach((watcher, wanted) -> {
            Value.Obj found = machines.found(machine, watcher).orElse(Value.obj());
            String outcome = found.text("outcome").orElse("unknown");
            if (!outcome.equals(wanted)) {
                String reason = found.text("reason").map(r -> " (" + r + ")").orElse("");
                failures.add(where + "watcher '" + watcher + "' says " + outcome + reason + ", expected is " + wanted);
            }
        });
    }

    private long happened(TestScript.Count count) {
        return switch (count.what()) {
            case RUNS -> processes.runs(count.name());
            case DOWNLOADS -> downloads.tries(count.name());
            case EVENTS -> told.getOrDefault(count.name(), 0L);
        };
    }

    private String shown(Value value) {
        return new String(ports.json().write(value), java.nio.charset.StandardCharsets.UTF_8);
    }
}
