package io.machineroom.domain.spooling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SimTasks tasks = new SimTasks(3);
    private final SimMeter meter = new SimMeter();
    private final SimStorage disk = new SimStorage(tasks::await);
    private final Events events = new Events("n1", Events.COMPONENT_SERVER, "1", tasks.time(), tasks.entropy());
    private final SharedSpool shared = new SharedSpool(() -> open(100_000));
    private final Outbox outbox = outbox(shared, OutboxSettings.defaults());

    private Spool open(long maxRecords) {
        return SimSpool.open(
                disk,
                new SpoolProvider.Settings(
                        Path.of("spool"), 16 << 20, maxRecords, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH),
                tasks.time(),
                tasks.entropy());
    }

    private Outbox outbox(SharedSpool spool, OutboxSettings settings) {
        return new Outbox(spool, new SimEvents(), settings, tasks, meter);
    }

    private List<Delivery> records(Spool spool) {
        List<Delivery> out = new ArrayList<>();
        tasks.run(() -> {
            try (Source source = spool.source("test")) {
                out.addAll(source.read(100_000, 1L << 30, Duration.ZERO));
            }
        });
        return out;
    }

    private long voids(List<Delivery> records, String cause) {
        return records.stream()
                .filter(d -> cause.equals(d.stamp().voidCause()))
                .mapToLong(d -> d.stamp().through() - d.stamp().from() + 1)
                .sum();
    }

    @Test
    void makesEventsDurableInTheirOrderAndTellsWhoAsked() {
        List<String> told = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Outgoing event = events.alive();
            ids.add(event.event().id());
            outbox.publish(event.whenDurable(() -> told.add(event.event().id())));
        }
        tasks.fork("outbox", outbox::run);
        assertTrue(tasks.runUntil(() -> outbox.state().stored() == 600, SOON));
        assertEquals(ids, told);
        assertEquals(
                ids, records(shared.open()).stream().map(d -> d.message().id()).toList());
        assertEquals(
                new SimEvents().contentType(),
                records(shared.open()).getFirst().message().contentType());
    }

    @Test
    void keepsWhatIsPlainAsItIs() {
        Outgoing event = events.governor("mine", new Events.GovernorRef("BACKUP", "enter", 10), "n1");
        byte[] json = "{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        outbox.publish(event.plainly(json));
        tasks.fork("outbox", outbox::run);
        assertTrue(tasks.runUntil(() -> outbox.state().stored() == 1, SOON));
        Message stored = records(shared.open()).getFirst().message();
        assertEquals("application/json", stored.contentType());
        assertEquals(event.event().id(), stored.id());
        assertEquals("choria.lifecycle.event.governor.mine", stored.subject().text());
        org.junit.jupiter.api.Assertions.assertArrayEquals(json, stored.bytes());
    }

    @Test
    void turnsWhatDoesNotFitTheHandOverIntoADurableVoid() {
        Outbox small = outbox(shared, new OutboxSettings(100, 16 << 20, 256, 1 << 20));
        for (int i = 0; i < 130; i++) {
            assertEquals(i < 100, small.publish(events.alive()));
        }
        tasks.fork("outbox", small::run);
        assertTrue(tasks.runUntil(() -> small.state().voided() == 30, SOON));
        List<Delivery> records = records(shared.open());
        assertEquals(100, records.stream().filter(d -> !d.stamp().isVoid()).count());
        assertEquals(30, voids(records, "overflow"));
        assertEquals(130, meter.counter("mr_events_created_total"));
    }

    @Test
    void boundsTheHandOverInBytesToo() {
        Outbox small = outbox(shared, new OutboxSettings(10_000, 10_000, 256, 1 << 20));
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += small.publish(events.alive()) ? 1 : 0;
        }
        assertTrue(taken > 5 && taken < 40, "taken " + taken);
    }

    @Test
    void keepsTakingEventsWhileTheSpoolIsFullAndCountsTheVoids() {
        SharedSpool tiny = new SharedSpool(() -> open(50));
        Outbox full = outbox(tiny, OutboxSettings.defaults());
        tasks.fork("outbox", full::run);
        for (int i = 0; i < 80; i++) {
            assertTrue(full.publish(events.alive()));
        }
        assertTrue(tasks.runUntil(() -> full.state().stored() + full.state().voided() == 80, SOON));
        assertEquals(50, full.state().stored());
        assertEquals(30, voids(records(tiny.open()), "capacity"));
        assertEquals("spool.full", full.state().lastCode());
    }

    @Test
    void waitsForADiskThatDoesNotOpenAndLosesNothing() {
        boolean[] broken = {true};
        SharedSpool late = new SharedSpool(() -> {
            if (broken[0]) {
                throw new PortException.Unavailable("spool.disk", "read-only");
            }
            return open(1_000);
        });
        Outbox patient = outbox(late, OutboxSettings.defaults());
        tasks.fork("outbox", patient::run);
        assertTrue(patient.publish(events.startup()));
        tasks.advance(Duration.ofSeconds(30));
        assertEquals("spool.disk", patient.state().lastCode());
        broken[0] = false;
        assertTrue(tasks.runUntil(() -> patient.state().stored() == 1, SOON));
    }

    @Test
    void neverThrowsForAnEventThatCannotBeEncoded() {
        Outgoing strange = new Outgoing(
                Subject.of("x"), Lane.NORMAL, new Event("i".repeat(4), "s", "t", "n", Instant.MAX, Value.obj()));
        Outbox broken = new Outbox(shared, new BrokenFormat(), OutboxSettings.defaults(), tasks, meter);
        assertFalse(broken.publish(strange));
        tasks.fork("outbox", broken::run);
        assertTrue(tasks.runUntil(() -> broken.state().voided() == 1, SOON));
        assertEquals(1, voids(records(shared.open()), "damaged"));
    }

    @Test
    void countsWhatThePolicyOfALaneDropped() {
        SpoolProvider.Settings five = SpoolProvider.Settings.defaults(Path.of("spool"))
                .within(SpoolBounds.defaults()
                        .with(Lane.NORMAL, LaneLimits.records(5, LaneLimits.Overflow.DROP_NEWEST)));
        SharedSpool small = new SharedSpool(() -> SimSpool.open(disk, five, tasks.time(), tasks.entropy()));
        Outbox bounded = outbox(small, OutboxSettings.defaults());
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            bounded.publish(events.alive().whenDurable(() -> told.add("kept")));
        }
        tasks.fork("outbox", bounded::run);
        assertTrue(tasks.runUntil(
                () -> bounded.state().stored() == 5 && bounded.state().voided() == 3, SOON));
        assertEquals(5, told.size());
        assertEquals(3, voids(records(small.open()), "overflow"));
    }

    @Test
    void refusesReservedHeaders() {
        Message forged =
                new Message(Subject.of("x"), "id", Map.of("Mr-Number", "7"), ByteBuffer.allocate(0), Instant.EPOCH);
        assertFalse(outbox.publish(Lane.NORMAL, forged));
        assertTrue(outbox.publish(
                Lane.NORMAL,
                new Message(Subject.of("x"), "id", Map.of("Other", "7"), ByteBuffer.allocate(0), Instant.EPOCH)));
    }

    @Test
    void drainsBeforeItEnds() {
        Tasks.Task task = tasks.fork("outbox", outbox::run);
        for (int i = 0; i < 1_000; i++) {
            outbox.publish(events.alive());
        }
        outbox.finish();
        assertTrue(tasks.runUntil(task::done, SOON));
        assertEquals(1_000, outbox.state().stored());
    }

    private static final class BrokenFormat implements io.machineroom.ports.event.EventFormat {
        @Override
        public String contentType() {
            return "application/x";
        }

        @Override
        public String batchContentType() {
            return "application/x-batch";
        }

        @Override
        public byte[] encode(Event event) {
            throw new PortException.Refused("event.unencodable", "no");
        }

        @Override
        public Event decode(byte[] encoded) {
            throw new PortException.Refused("event.undecodable", "no");
        }

        @Override
        public byte[] join(List<ByteBuffer> encoded) {
            return new byte[0];
        }

        @Override
        public List<byte[]> split(byte[] batch, int maxEvents) {
            return List.of();
        }
    }

    @Test
    void endsAlthoughItsSpoolWasClosedBeforeIt() {
        Tasks.Task running = tasks.fork("outbox", outbox::run);
        tasks.run(() -> shared.open().close());
        tasks.settle();
        outbox.publish(events.alive());
        tasks.advance(Duration.ofSeconds(3));
        assertFalse(running.done(), "a disk may come back");
        outbox.finish();
        assertTrue(tasks.runUntil(running::done, Duration.ofSeconds(3)));
        assertTrue(tasks.failures().isEmpty());
    }
}
