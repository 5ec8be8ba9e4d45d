package io.machineroom.domain.machine;

import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.Deployer;
import io.machineroom.domain.deployment.DeployerTurns;
import io.machineroom.domain.deployment.PluginHost;
import io.machineroom.domain.deployment.PluginStore;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.MachineLibrary.Candidate;
import io.machineroom.domain.machine.MachineLibrary.Origin;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.Scratch;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs machines: the built-in ones, what deployment points at, and the folders of the machine store. It looks at its
 * interval and whenever deployment moved something; what changed is stopped and started anew in its initial state.
 * {@link #run} is the body of one task; everything else is safe from any task.
 */
public final class MachineHost implements PluginHost, MachineSurroundings.Neighbours {
    private static final System.Logger LOG = System.getLogger(MachineHost.class.getName());
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);
    private static final Duration LEAST_RETRY = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 6;

    private final HostSettings settings;
    private final HostPorts ports;
    private final Events events;
    private final Consumer<Outgoing> out;
    private final MachineLibrary library;
    private final Deployer deployer;
    private final MachineLoader loader;
    private final Mailbox<Boolean> changes;
    private final Map<String, HostedMachine> hosted = new LinkedHashMap<>();
    private volatile List<HostedMachine> shown = List.of();

    /**
     * A host that does not run yet. It adds {@code plugins} and {@code machines} to the kinds of watchers.
     *
     * @param out takes every event; never blocks
     * @param catalog built-in kinds and the vendor's own
     */
    public MachineHost(
            HostSettings settings, HostPorts ports, Events events, Consumer<Outgoing> out, WatcherCatalog catalog) {
        this.settings = settings;
        this.ports = ports;
        this.events = events;
        this.out = out;
        this.changes = ports.tasks().mailbox(1);
        PluginStore plugins = new PluginStore(ports.state(), ports.json(), ports.signatures());
        this.deployer = new Deployer(settings.deployment(), ports.deployment(plugins, events, out), events, out, this);
        WatcherCatalog all = catalog.and(PluginsWatcher.types(new DeployerTurns(deployer, ports.tasks())));
        this.library = new MachineLibrary(
                ports.store(), plugins, ports.yaml(), ports.signatures(), BuiltInMachines.of(settings, ports.chore()));
        this.loader = MachineLoader.of(library, new DefinitionReader(all), ports, surroundings(all));
    }

    private MachineSurroundings surroundings(WatcherCatalog catalog) {
        Map<Class<?>, Object> granted = new LinkedHashMap<>(ports.granted(events, out));
        granted.put(Scratch.class, new Scratch(ports.state(), "run"));
        granted.put(JsonFormat.class, ports.json());
        granted.put(
                ProcessRunner.class, new BoundedProcesses(ports.processes(), ports.tasks(), settings.mostCommands()));
        granted.put(ArchiveLimits.class, settings.deployment().limits());
        return new MachineSurroundings(
                ports.tasks(),
                ports.time(),
                ports.entropy(),
                events,
                out,
                ports.facts(),
                ports.buckets(),
                catalog,
                granted,
                this);
    }

    /** Runs until interrupted; then stops all machines, watchers first. */
    public void run() throws InterruptedException {
        ports.state().delete("run");
        ports.state().makeDirectory("run", 0700);
        deployer.recover();
        try {
            while (true) {
                look();
                changes.poll(settings.scanInterval());
            }
        } finally {
            stopAll();
        }
    }

    /** How all machines do, in the order in which they were found. */
    public List<MachineStatus> machines() {
        return shown.stream().map(HostedMachine::status).toList();
    }

    /** Serial of the adopted list of machines; 0 when there is none. */
    public long listSerial() {
        return deployer.serial();
    }

    /** What answers questions about the machines over the control socket. */
    public ControlSocket.Handler desk() {
        return new MachineDesk(() -> shown, ports.tasks());
    }

    /** Asks the first machine of that name for a transition; false when there is none or it is busy. */
    public boolean transition(String machine, String transition) {
        return find(machine)
                .map(found ->
                        found.tell(new Told.Wanted(transition, ports.tasks().mailbox(1))))
                .orElse(false);
    }

    @Override
    public void changed() {
        changes.offer(true);
    }

    @Override
    public Health health(String plugin) {
        for (HostedMachine one : shown) {
            Candidate candidate = one.candidate();
            if (candidate.origin() != Origin.PLUGIN || !candidate.name().equals(plugin) || one.leaving()) {
                continue;
            }
            if (!one.fault().isEmpty()) {
                return new Broken(candidate.digest(), one.fault());
            }
            Machine machine = one.machine();
            return machine != null && (machine.view().started() || machine.rests())
                    ? new Running(candidate.digest())
                    : new Starting(candidate.digest());
        }
        return new Starting("");
    }

    @Override
    public boolean occupies(String plugin) {
        return shown.stream()
                .map(HostedMachine::candidate)
                .anyMatch(c -> c.origin() == Origin.PLUGIN && c.name().equals(plugin));
    }

    @Override
    public Optional<String> state(String machine) {
        return find(machine).map(found -> found.view().state());
    }

    @Override
    public void moved(String machine, String event) {
        for (HostedMachine one : shown) {
            Machine other = one.machine();
            if (other != null && other.hears(machine) && !one.ended() && !other.tell(new Told.Moved(machine, event))) {
                LOG.log(Level.WARNING, () -> other.ref().name() + " is too busy to hear of '" + event + "'");
            }
        }
    }

    private Optional<Machine> find(String name) {
        return shown.stream()
                .filter(one -> !one.ended())
                .flatMap(one -> Optional.ofNullable(one.machine()).stream())
                .filter(machine -> machine.ref().name().equals(name))
                .findFirst();
    }

    private void look() throws InterruptedException {
        List<Candidate> found;
        try {
            found = library.scan();
            retire(found);
        } catch (PortException e) {
            LOG.log(Level.WARNING, () -> "cannot look for machines: " + e.code() + ": " + e.getMessage());
            found = library.builtIns(); // what runs goes on, and these begin all the same
        }
        for (Candidate candidate : found) {
            HostedMachine before = hosted.get(candidate.key());
            if (before == null || before.crowdedOut()) {
                admit(candidate, before);
            } else if (!before.leaving() && before.ended()) {
                revive(candidate, before);
                show();
            }
        }
    }

    /** Loads a machine if there is room. One that was refused for want of it comes as soon as there is. */
    private void admit(Candidate candidate, @Nullable HostedMachine before) {
        boolean room = hosted.values().stream().filter(h -> !h.crowdedOut()).count() < settings.mostMachines();
        if (room || before == null) {
            HostedMachine loaded =
                    room ? loader.load(candidate, 0) : loader.crowdedOut(candidate, settings.mostMachines());
            hosted.put(candidate.key(), loaded);
            show();
            Optional.ofNullable(loaded.machine()).ifPresent(m -> moved(m.ref().name(), ""));
        }
    }

    /** Stops what is gone or changed; what does not end at once stays until it does. */
    private void retire(List<Candidate> found) throws InterruptedException {
        Map<String, Candidate> wanted = new LinkedHashMap<>();
        found.forEach(candidate -> wanted.put(candidate.key(), candidate));
        Set<String> leaving = new LinkedHashSet<>();
        hosted.replaceAll((key, one) -> {
            Candidate candidate = wanted.get(key);
            if (candidate != null && !one.leaving() && one.stands(candidate)) {
                return one;
            }
            leaving.add(key);
            Tasks.Task task = one.task();
            if (task != null) {
                task.cancel();
            }
            return one.left();
        });
        show();
        for (String key : leaving) {
            HostedMachine one = java.util.Objects.requireNonNull(hosted.get(key), "it was there a moment ago");
            Tasks.Task task = one.task();
            if (task == null || task.join(STOP_GRACE)) {
                hosted.remove(key);
                gone(one, wanted.containsKey(key));
            } else {
                LOG.log(Level.ERROR, () -> key + " does not stop; it is not replaced before it does");
            }
        }
    }

    /** Tells of a machine that will not come back, and those that look at its state. */
    private void gone(HostedMachine one, boolean replaced) {
        Machine machine = one.machine();
        if (!replaced) {
            loader.removed(one);
        }
        if (machine != null) {
            show();
            moved(machine.ref().name(), "");
        }
    }

    /** A machine's task ended by itself: that is told, and after a while it is tried again. */
    private void revive(Candidate candidate, HostedMachine before) {
        Tasks.Task task = before.task();
        if (task == null) {
            return;
        }
        long now = ports.time().ticks();
        if (before.fault().isEmpty()) {
            String why = task.failure().map(Throwable::toString).orElse("it ended");
            loader.refused(candidate, "machine.broken", List.of(why), before.named());
            Duration wait = LEAST_RETRY.multipliedBy(1L << Math.min(before.failures(), MOST_DOUBLINGS));
            hosted.put(candidate.key(), before.broken("machine.broken: " + why, now + wait.toNanos()));
        } else if (now - before.retryAt() >= 0) {
            hosted.put(candidate.key(), loader.load(candidate, before.failures()));
        }
    }

    private void stopAll() throws InterruptedException {
        List<Tasks.Task> tasks = hosted.values().stream()
                .flatMap(one -> Optional.ofNullable(one.task()).stream())
                .toList();
        tasks.forEach(Tasks.Task::cancel);
        for (Tasks.Task task : tasks) {
            if (!task.join(STOP_GRACE)) {
                LOG.log(Level.ERROR, () -> task.name() + " does not stop");
            }
        }
        hosted.clear();
        show();
    }

    private void show() {
        shown = List.copyOf(hosted.values());
    }
}
