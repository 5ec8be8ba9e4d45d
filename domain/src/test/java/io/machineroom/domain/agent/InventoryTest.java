package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When the inventory goes out, and what else speaks of a node's life. */
final class InventoryTest extends AgentFixture {
    private static final AgentProfile PROFILE = new AgentProfile("acme", "1", "", "", "", Value::obj);

    private final List<Outgoing> sent = new ArrayList<>();
    private final Events events = new Events("n1", Events.COMPONENT_SERVER, "1.2.3", tasks.time(), tasks.entropy());
    private Value.Obj facts = facts("web", 1, 100);
    private String state = "RUN";

    private static Value.Obj facts(String name, long uptime, long free) {
        return Value.obj(
                        "host", Value.obj("info", Value.obj("hostname", Value.text(name), "uptime", Value.num(uptime))))
                .with("memory", Value.obj("virtual", Value.obj("free", Value.num(free))))
                .with("cpu", Value.obj("info", Value.arr(Value.obj("cpu", Value.num(0), "mhz", Value.num(free)))))
                .with("machine_room", Value.obj("timestamp_seconds", Value.num(uptime), "identity", Value.text("n1")));
    }

    private void start() {
        Inventory inventory = new Inventory(
                ports(),
                PROFILE,
                AgentSettings.Intervals.defaults(),
                events,
                sent::add,
                new Inventory.Content(
                        () -> facts,
                        () -> Value.obj("uptime", Value.num(tasks.time().ticks() / 1_000_000_000L)),
                        () -> List.of(new MachineService.MachineSummary("m", "1", state, "", ""))));
        tasks.fork("inventory", inventory::run);
    }

    @Test
    void streamsW24GoesOutOnItsIntervalWhateverTheWallClockDoes() {
        start();
        tasks.advance(Duration.ofSeconds(10));
        assertEquals(1, sent.size());
        tasks.jumpWall(Duration.ofHours(-3));
        for (int i = 2; i <= 13; i++) {
            tasks.advance(Duration.ofMinutes(5));
            assertEquals(i, sent.size());
        }
        assertEquals(12, meter.counter("mr_inventories_total{cause=\"interval\"}"));
        assertEquals(Lane.NEWEST, sent.getFirst().lane());
    }

    @Test
    void goesOutSoonWhenSomethingChangesAndThenOnTheIntervalFromThere() {
        start();
        tasks.advance(Duration.ofMinutes(2));
        assertEquals(1, sent.size());
        state = "STOPPED";
        tasks.advance(Duration.ofSeconds(31));
        assertEquals(2, sent.size());
        facts = facts("db", 1, 100);
        tasks.advance(Duration.ofSeconds(31));
        assertEquals(3, sent.size());
        tasks.advance(Duration.ofMinutes(4));
        assertEquals(3, sent.size());
        tasks.advance(Duration.ofMinutes(1));
        assertEquals(4, sent.size());
        assertEquals(3, meter.counter("mr_inventories_total{cause=\"change\"}"));
    }

    @Test
    void aMeasurementIsNoChange() {
        start();
        tasks.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 8; i++) {
            facts = facts("web", 100 + i, 5_000L + i);
            tasks.advance(Duration.ofSeconds(30));
        }
        assertEquals(1, sent.size());
        facts = Value.obj("additional", Value.num(1));
        tasks.advance(Duration.ofSeconds(30));
        assertEquals(2, sent.size());
    }

    @Test
    void reg02GoesToTheAgentOfRegistrations() {
        start();
        tasks.advance(Duration.ofSeconds(5));
        assertEquals(
                "choria.broadcast.agent.registration", sent.getFirst().subject().text());
    }

    @Test
    void streamsW27WaitsForItsFirstFacts() {
        facts = Value.obj();
        start();
        tasks.advance(Duration.ofSeconds(8));
        assertEquals(List.of(), sent);
        facts = facts("web", 1, 1);
        tasks.advance(Duration.ofSeconds(2));
        assertEquals(1, sent.size());
    }

    @Test
    void reg01ANodeWithoutFactsRegistersNevertheless() {
        facts = Value.obj();
        start();
        tasks.advance(Duration.ofSeconds(40));
        assertEquals(1, sent.size());
    }

    @Test
    void streamsW25EachAliveEventIsItsOwn() {
        AliveEvents alive = new AliveEvents(events, sent::add, Duration.ofMinutes(30), tasks, tasks.entropy());
        tasks.fork("alive", alive::run);
        assertTrue(tasks.runUntil(() -> sent.size() == 4, Duration.ofHours(3)));
        Set<String> ids = new HashSet<>();
        Set<Long> times = new HashSet<>();
        for (Outgoing one : sent) {
            ids.add(one.event().data().text("id").orElseThrow());
            times.add(one.event().data().whole("timestamp").orElseThrow());
            assertEquals(one.event().id(), one.event().data().text("id").orElseThrow());
            assertNotEquals("", one.event().data().text("version").orElseThrow());
        }
        assertEquals(4, ids.size());
        assertEquals(4, times.size());
    }
}
