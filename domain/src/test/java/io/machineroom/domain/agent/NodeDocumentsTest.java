package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.LifecycleEvent;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys and types of what a node tells (streams 3.2, 6.1 to 6.3), all of them and in no other form. */
final class NodeDocumentsTest extends AgentFixture {
    private static final List<String> STATUS = List.of(
            "identity",
            "uptime",
            "connected_server",
            "last_message",
            "provisioning_mode",
            "stats",
            "certificate_expires",
            "token_expires");

    private final Events events = new Events("n1", Events.COMPONENT_SERVER, "1.2.3", tasks.time(), tasks.entropy());

    private Value.Obj status() {
        return json("etc/agent/state/status.json");
    }

    @Test
    void theStatusFileHasTheKeysOfTheOriginalFirst() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofMinutes(1));
        Value.Obj status = status();
        assertEquals(STATUS, List.copyOf(status.fields().keySet()).subList(0, STATUS.size()));
        assertEquals(
                List.of("machine_room"), List.copyOf(status.fields().keySet()).subList(STATUS.size(), 9));
        assertEquals(
                List.of("total", "valid", "invalid", "passed", "filtered", "replies", "ttlexpired", "events"),
                List.copyOf(status.obj("stats").orElseThrow().fields().keySet()));
        status.obj("stats")
                .orElseThrow()
                .fields()
                .values()
                .forEach(v -> assertTrue(v instanceof Value.Num, v::toString));
        assertTrue(status.whole("uptime").orElseThrow() >= 30);
        assertEquals(Optional.of(0L), status.whole("last_message"));
        assertEquals(Optional.of(false), status.bool("provisioning_mode"));
        assertEquals(Optional.of("0001-01-01T00:00:00Z"), status.text("certificate_expires"));
        assertTrue(Instant.parse(status.text("token_expires").orElseThrow())
                .isAfter(tasks.time().wall()));
    }

    @Test
    void aNodeThatWasNeverConnectedSaysUnknownAndOneThatIsNotNothing() {
        saas.way("https").reachable(false);
        start(agent());
        tasks.advance(Duration.ofMinutes(1));
        assertEquals(Optional.of("unknown"), status().text("connected_server"));
        assertEquals(Optional.of(true), status().bool("provisioning_mode"));
        assertEquals(Optional.of("0001-01-01T00:00:00Z"), status().text("token_expires"));
        saas.way("https").reachable(true);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), Duration.ofMinutes(10)));
        tasks.advance(Duration.ofMinutes(1));
        assertEquals(Optional.of("https://saas"), status().text("connected_server"));
    }

    /** Written each interval, and as a whole. */
    @Test
    void theStatusFileIsYoungerThanItsInterval() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 10; i++) {
            tasks.advance(Duration.ofSeconds(17));
            Instant written =
                    root.info("etc/agent/state/status.json").orElseThrow().modified();
            assertTrue(Duration.between(written, tasks.time().wall()).toSeconds() <= 30, written.toString());
        }
    }

    @Test
    void fieldsOfLifecycleEvents() {
        for (Outgoing event : List.of(events.startup(), events.alive())) {
            assertEquals(
                    List.of("protocol", "id", "identity", "component", "timestamp", "version"),
                    List.copyOf(event.event().data().fields().keySet()));
        }
        for (Outgoing event : List.of(events.shutdown(), events.provisioned())) {
            assertEquals(
                    List.of("protocol", "id", "identity", "component", "timestamp"),
                    List.copyOf(event.event().data().fields().keySet()));
        }
        Outgoing startup = events.startup();
        assertEquals("choria.lifecycle.event.startup.server", startup.subject().text());
        assertEquals("io.choria.lifecycle", startup.event().source());
        assertEquals("io.choria.lifecycle.v1.startup", startup.event().type());
        assertEquals("n1", startup.event().subject());
        assertEquals(startup.event().id(), startup.event().data().text("id").orElseThrow());
        assertEquals(
                startup.event().time().getEpochSecond(),
                startup.event().data().whole("timestamp").orElseThrow());
        assertEquals(
                LifecycleEvent.Kind.STARTUP,
                LifecycleEvent.parse(startup.event().data()).kind());
    }

    @Test
    void fieldsOfMachineEvents() {
        Events.MachineRef machine = new Events.MachineRef("room", "1.0.0", "instance-1");
        Outgoing moved = events.transition(machine, "go", "off", "on");
        assertEquals("choria.machine.transition", moved.subject().text());
        assertEquals("io.choria.machine", moved.event().source());
        assertEquals(
                List.of(
                        "protocol",
                        "identity",
                        "id",
                        "version",
                        "timestamp",
                        "machine",
                        "transition",
                        "from_state",
                        "to_state"),
                List.copyOf(moved.event().data().fields().keySet()));
        Outgoing state = events.watcherState(
                machine, new Events.WatcherRef("exec", "v1", "w"), Value.obj("command", Value.text("true")));
        assertEquals("choria.machine.watcher.exec.state", state.subject().text());
        assertEquals("io.choria.machine.watcher.exec.v1.state", state.event().type());
        assertEquals(
                List.of("protocol", "identity", "id", "version", "timestamp", "type", "machine", "name", "command"),
                List.copyOf(state.event().data().fields().keySet()));
    }

    @Test
    void governorEventsAreToldInTheNameOfWhoHoldsTheSlot() {
        Outgoing evicted = events.governor("CLI", new Events.GovernorRef("BACKUP", "eviction", 12), "n7");
        assertEquals("choria.lifecycle.event.governor.CLI", evicted.subject().text());
        Value.Obj data = evicted.event().data();
        assertEquals(
                List.of("protocol", "id", "identity", "component", "timestamp", "governor", "sequence", "event_type"),
                List.copyOf(data.fields().keySet()));
        assertEquals(Optional.of("n7"), data.text("identity"));
        assertEquals(Optional.of(12L), data.whole("sequence"));
        assertEquals(LifecycleEvent.Kind.GOVERNOR, LifecycleEvent.parse(data).kind());
    }

    /** Every event is its own: no id is told twice, not even of the same kind in the same second. */
    @Test
    void idsAreFresh() {
        Set<String> ids = new java.util.HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertTrue(ids.add(events.alive().event().id()));
            assertTrue(ids.add(events.shutdown().event().id()));
        }
    }
}
