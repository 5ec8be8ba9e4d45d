package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.stream.Subject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The event by which the backplane tells that a node has a clone. */
final class ForkNews {
    private static final String TYPE = "io.machineroom.node_forked.v1";

    private final IngestPorts ports;

    ForkNews(IngestPorts ports) {
        this.ports = ports;
    }

    /** Counts it, too. */
    LogWriter.Own of(Arrived arrived) {
        Origin origin = arrived.origin();
        Instant now = ports.time().wall().truncatedTo(ChronoUnit.SECONDS);
        ports.meter().count("mr_backplane_forks_total", 1);
        Value.Obj data = Value.obj("protocol", Value.text(TYPE), "identity", Value.text(origin.identity()))
                .with("timestamp", Value.num(now.getEpochSecond()))
                .with("code", Value.text("node.forked"))
                .with("node", Value.text(origin.nodeKey()))
                .with("epoch", Value.text(arrived.stamp().epoch().wire()))
                .with("lane", Value.text(arrived.stamp().lane().wireName()))
                .with("number", Value.num(arrived.stamp().from()));
        Event event = new Event(ports.entropy().uuid(), "io.machineroom.backplane", TYPE, origin.identity(), now, data);
        return new LogWriter.Own(origin, Subject.of("choria.machine.room.node_forked"), event);
    }
}
