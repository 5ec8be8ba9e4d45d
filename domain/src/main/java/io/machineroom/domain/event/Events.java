package io.machineroom.domain.event;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Subject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The catalogue of events of one node: type names, subjects and the JSON data that Choria's tools read.
 * Every event gets a fresh UUID and the wall time in whole seconds.
 */
public final class Events {
    /** Component of a node that has no enrolment yet. */
    public static final String COMPONENT_PROVISIONING = "provision_mode_server";
    /** Component of an enrolled node. */
    public static final String COMPONENT_SERVER = "server";
    /** Subject of the inventory document. */
    public static final Subject REGISTRATION = Subject.of("choria.broadcast.agent.registration");

    /** How the kinds of product events end that a vendor must hear of at once. */
    private static final List<String> ALARMS = List.of("_rejected", "_rolled_back", "_damaged");

    private final String identity;
    private final String component;
    private final String version;
    private final TimeSource time;
    private final Entropy entropy;

    /**
     * A catalogue.
     *
     * @param identity node identity
     * @param component {@link #COMPONENT_SERVER} or {@link #COMPONENT_PROVISIONING}
     * @param version the vendor's agent version
     */
    public Events(String identity, String component, String version, TimeSource time, Entropy entropy) {
        this.identity = identity;
        this.component = component;
        this.version = version;
        this.time = time;
        this.entropy = entropy;
    }

    public String identity() {
        return identity;
    }

    public Outgoing startup() {
        return lifecycle(LifecycleEvent.Kind.STARTUP, Map.of("version", Value.text(version)));
    }

    public Outgoing alive() {
        return lifecycle(LifecycleEvent.Kind.ALIVE, Map.of("version", Value.text(version)));
    }

    public Outgoing shutdown() {
        return lifecycle(LifecycleEvent.Kind.SHUTDOWN, Map.of());
    }

    public Outgoing provisioned() {
        return lifecycle(LifecycleEvent.Kind.PROVISIONED, Map.of());
    }

    /** A machine moved from one state to another. */
    public Outgoing transition(MachineRef machine, String transition, String from, String to) {
        Instant now = now();
        String type = "io.choria.machine.v1.transition";
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("protocol", Value.text(type));
        data.put("identity", Value.text(identity));
        data.put("id", Value.text(machine.instance()));
        data.put("version", Value.text(machine.version()));
        data.put("timestamp", Value.num(now.getEpochSecond()));
        data.put("machine", Value.text(machine.name()));
        data.put("transition", Value.text(transition));
        data.put("from_state", Value.text(from));
        data.put("to_state", Value.text(to));
        return machineEvent("choria.machine.transition", type, now, Value.obj(data));
    }

    /** A watcher tells its state; {@code own} are the fields of its kind. */
    public Outgoing watcherState(MachineRef machine, WatcherRef watcher, Value.Obj own) {
        Instant now = now();
        String type = "io.choria.machine.watcher." + watcher.type() + "." + watcher.eventVersion() + ".state";
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("protocol", Value.text(type));
        data.put("identity", Value.text(identity));
        data.put("id", Value.text(machine.instance()));
        data.put("version", Value.text(machine.version()));
        data.put("timestamp", Value.num(now.getEpochSecond()));
        data.put("type", Value.text(watcher.type()));
        data.put("machine", Value.text(machine.name()));
        data.put("name", Value.text(watcher.name()));
        data.putAll(own.fields());
        return machineEvent("choria.machine.watcher." + watcher.type() + ".state", type, now, Value.obj(data));
    }

    /**
     * A slot of a governor was taken, given back, taken away, or not to be had.
     *
     * @param of the machine, or what else asked; one subject token
     * @param holder identity of who holds the slot: this node, or who was evicted
     */
    public Outgoing governor(String of, GovernorRef governor, String holder) {
        Instant now = now();
        String id = entropy.uuid();
        String type = "io.choria.lifecycle.v1.governor";
        Map<String, Value> data = new LinkedHashMap<>();
        data.put("protocol", Value.text(type));
        data.put("id", Value.text(id));
        data.put("identity", Value.text(holder));
        data.put("component", Value.text(of));
        data.put("timestamp", Value.num(now.getEpochSecond()));
        data.put("governor", Value.text(governor.name()));
        data.put("sequence", Value.num(governor.slot()));
        data.put("event_type", Value.text(governor.what()));
        Event event = new Event(id, "io.choria.lifecycle", type, identity, now, Value.obj(data));
        return new Outgoing(Subject.of("choria.lifecycle.event.governor." + of), Lane.NORMAL, event);
    }

    /**
     * An event of this product beyond Choria's catalogue, such as {@code plugin_rejected}.
     *
     * @param kind one subject token
     * @param data own fields; identity and timestamp are added
     */
    public Outgoing product(String kind, Value.Obj data) {
        Instant now = now();
        String type = "io.machineroom." + kind + ".v1";
        Map<String, Value> all = new LinkedHashMap<>();
        all.put("protocol", Value.text(type));
        all.put("identity", Value.text(identity));
        all.put("timestamp", Value.num(now.getEpochSecond()));
        all.putAll(data.fields());
        Event event = new Event(entropy.uuid(), "io.machineroom.agent", type, identity, now, Value.obj(all));
        return new Outgoing(Subject.of("choria.machine.room." + kind), laneOf(kind), event);
    }

    /** What somebody has to look at goes before everything that waits. */
    private static Lane laneOf(String kind) {
        return ALARMS.stream().anyMatch(kind::endsWith) ? Lane.URGENT : Lane.NORMAL;
    }

    /** The inventory document; {@code content} is layer 2 of spec streams 3.2. Of those that wait the last one counts. */
    public Outgoing registration(Value.Obj content) {
        Event event = new Event(
                entropy.uuid(), "io.machineroom.agent", "io.machineroom.registration.v1", identity, now(), content);
        return new Outgoing(REGISTRATION, Lane.NEWEST, event);
    }

    private Outgoing lifecycle(LifecycleEvent.Kind kind, Map<String, Value> own) {
        LifecycleEvent event =
                new LifecycleEvent(kind, entropy.uuid(), identity, component, now().getEpochSecond(), own);
        return new Outgoing(event.target(), Lane.NORMAL, event.event());
    }

    private Outgoing machineEvent(String subject, String type, Instant now, Value.Obj data) {
        Event event = new Event(entropy.uuid(), "io.choria.machine", type, identity, now, data);
        return new Outgoing(Subject.of(subject), Lane.NORMAL, event);
    }

    private Instant now() {
        return time.wall().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * A running machine in events.
     *
     * @param name machine name
     * @param version machine version
     * @param instance UUID made when its manifest was loaded
     */
    public record MachineRef(String name, String version, String instance) {}

    /**
     * What happened at a governor.
     *
     * @param what {@code enter}, {@code exit}, {@code timeouts} or {@code eviction}
     * @param slot number of the slot; 0 for none
     */
    public record GovernorRef(String name, String what, long slot) {}

    /** A watcher in events. */
    public record WatcherRef(String type, String eventVersion, String name) {}
}
