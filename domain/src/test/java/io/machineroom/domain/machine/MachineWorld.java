package io.machineroom.domain.machine;

import io.machineroom.domain.deployment.DeploymentWorld;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimProcesses;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node that runs machines: a deployment world with processes, a bucket and a host. Manifests are JSON here. */
final class MachineWorld {
    /** A manifest that holds this breaks the reader of YAML. */
    static final String POISON = "poison of readers";

    final DeploymentWorld node;
    final SimProcesses processes;
    final Map<String, Bucket.Entry> keys = new LinkedHashMap<>();
    final Map<String, Mailbox<Bucket.Entry>> watches = new LinkedHashMap<>();
    final List<WatcherType> own;
    final Map<Class<?>, Object> extras = new LinkedHashMap<>();
    Value.Obj facts = Value.obj("dc", Value.text("lon"));
    boolean linked = true;
    /** What the host takes for the machine store. */
    FileTree store;

    int mostMachines = 200;
    MachineHost host;
    Tasks.Task task;
    private long revision;

    MachineWorld(long seed, WatcherType... own) {
        this.node = new DeploymentWorld(seed);
        this.store = node.store;
        this.processes = new SimProcesses(node.tasks);
        this.own = List.of(own);
        processes.program("/bin/true", "", 0).program("/bin/false", "", 1);
        start();
    }

    /** Starts the host as after a start of the process. */
    void start() {
        HostSettings settings =
                new HostSettings(Duration.ofSeconds(10), Duration.ofSeconds(30), node.settings(), mostMachines, 32);
        HostPorts ports = new HostPorts(
                node.tasks,
                node.tasks.time(),
                node.tasks.entropy(),
                node.json,
                yaml(),
                node.signatures(),
                node.artifacts,
                node.archives(),
                processes,
                node.files(),
                store,
                node.state,
                root -> new io.machineroom.ports.sim.SimFiles(node.disk, root),
                () -> facts,
                name -> bucket(),
                extras);
        host = new MachineHost(settings, ports, node.events, node.sent::add, WatcherCatalog.builtInAnd(own));
        task = node.tasks.fork("machines", host::run);
    }

    void stop() throws InterruptedException {
        task.cancel();
        task.join(Duration.ofMinutes(1));
    }

    private YamlFormat yaml() {
        return new YamlFormat() {
            @Override
            public Document read(byte[] document) {
                if (new String(document, StandardCharsets.UTF_8).contains(POISON)) {
                    throw new IllegalStateException("as the test wants it");
                }
                return new Document(node.json.read(document), Map.of());
            }

            @Override
            public byte[] write(Value value) {
                return node.json.write(value);
            }
        };
    }

    void put(String key, String text) {
        Bucket.Entry entry = new Bucket.Entry(key, text.getBytes(StandardCharsets.UTF_8), ++revision, false);
        keys.put(key, entry);
        Optional.ofNullable(watches.get(key)).ifPresent(box -> box.offer(entry));
    }

    void put(String key, Value value) {
        put(key, new String(node.json.write(value), StandardCharsets.UTF_8));
    }

    private Bucket bucket() {
        return new Bucket() {
            @Override
            public Optional<Entry> get(String key) {
                if (!linked) {
                    throw new PortException.Unavailable("bucket.unreachable", "no link");
                }
                return Optional.ofNullable(keys.get(key));
            }

            @Override
            public long put(String key, byte[] value) {
                throw new PortException.Refused("bucket.read-only", "read only");
            }

            @Override
            public Optional<Long> create(String key, byte[] value) {
                throw new PortException.Refused("bucket.read-only", "read only");
            }

            @Override
            public Optional<Long> update(String key, byte[] value, long of) {
                throw new PortException.Refused("bucket.read-only", "read only");
            }

            @Override
            public void delete(String key) {
                throw new PortException.Refused("bucket.read-only", "read only");
            }

            @Override
            public Link.Subscription watch(String key, Mailbox<Entry> into) {
                watches.put(key, into);
                return () -> watches.remove(key);
            }
        };
    }

    /** Writes an operator's own machine. */
    void write(String folder, Value manifest) {
        node.store.replace(folder + "/machine.yaml", node.json.write(manifest), 0644);
    }

    String text(Value manifest) {
        return new String(node.json.write(manifest), StandardCharsets.UTF_8);
    }

    /** A machine with states A and B, transitions go and back, and these watchers. */
    static Value.Obj machine(String name, Value... watchers) {
        return Value.obj("name", Value.text(name), "version", Value.text("1.0.0"), "initial_state", Value.text("A"))
                .with("transitions", Value.arr(transition("go", "A", "B"), transition("back", "B", "A")))
                .with("watchers", Value.arr(watchers));
    }

    static Value.Obj transition(String name, String from, String to) {
        return Value.obj("name", Value.text(name), "from", Value.arr(Value.text(from)), "destination", Value.text(to));
    }

    static Value.Obj watcher(String name, String type, String state, Value.Obj properties) {
        return Value.obj("name", Value.text(name), "type", Value.text(type), "properties", properties)
                .with("state_match", Value.arr(Value.text(state)));
    }

    static Value.Obj exec(String name, String state, String command) {
        return watcher(name, "exec", state, Value.obj("command", Value.text(command)))
                .with("interval", Value.text("1m"));
    }

    MachineStatus status(String name) {
        return host.machines().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no machine " + name + " in " + host.machines()));
    }

    List<String> moves(String machine) {
        return node.sent.stream()
                .map(o -> o.event())
                .filter(e -> e.type().equals("io.choria.machine.v1.transition"))
                .map(e -> e.data())
                .filter(d -> d.text("machine").orElse("").equals(machine))
                .map(d -> d.text("from_state").orElse("") + ">"
                        + d.text("to_state").orElse(""))
                .toList();
    }

    void advance(Duration time) {
        node.tasks.advance(time);
        if (!node.tasks.failures().isEmpty()) {
            throw new AssertionError("a task failed", node.tasks.failures().getFirst());
        }
    }
}
