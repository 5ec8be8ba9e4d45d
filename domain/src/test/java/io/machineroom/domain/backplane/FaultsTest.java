package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A fault of the program, met by one node's input, is that node's trouble only. */
final class FaultsTest {
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final IngestWorld world = new IngestWorld(5);

    /** Breaks after it has changed the node's marks, which is the worst moment. */
    private Taken judge(NodeHistory node, Arrived arrived, boolean hold, long now, NodeHistory.Intake into) {
        Taken fate = node.offer(arrived, hold, now, into);
        if (broken.get() && arrived.message().id().equals("poison")) {
            throw new IllegalStateException("a mistake in the program");
        }
        return fate;
    }

    private static Origin neighbour(String name) {
        return new Origin("acme", "plant", name, "UN" + name);
    }

    @Test
    void aRecordThatBreaksTheProgramStopsItsNodeOnlyAndLosesNothing() {
        world.with(Ingest.Settings.defaults().withJudge(this::judge)).start();
        world.bring(event(1), event(2));
        Arrived poison = event(NODE, epoch(1), null, 4, "poison");
        List<Arrived> all = new ArrayList<>(List.of(event(3), poison));
        for (int i = 0; i < 40; i++) {
            all.add(event(neighbour("n" + i), epoch(1), null, 1, "of-" + i));
        }
        List<Taken> fates = world.bring(all.toArray(Arrived[]::new));
        assertEquals(List.of(Taken.AHEAD, Taken.AHEAD), fates.subList(0, 2));
        assertTrue(fates.subList(2, 42).stream().allMatch(f -> f == Taken.STORED), fates.toString());
        assertEquals(List.of("id-1", "id-2"), world.ids(NODE));
        assertEquals(1, world.meter.counter("mr_backplane_faults_total{part=\"ingest\"}"));
        assertEquals(new Totals(2, 2, java.util.Map.of(), 0, 0), world.ledger(NODE));
        assertEquals(List.of(Taken.AHEAD), world.bring(event(3)), "it waits");
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(List.of(Taken.STORED), world.bring(event(3)));
        assertEquals(List.of(Taken.AHEAD), world.bring(poison));
        broken.set(false);
        world.tasks.advance(Duration.ofSeconds(3));
        assertEquals(List.of(Taken.STORED), world.bring(poison));
        assertEquals(List.of("id-1", "id-2", "id-3", "poison"), world.ids(NODE));
        assertEquals(0, world.forksTold());
        assertTrue(
                world.tasks.failures().isEmpty(), () -> world.tasks.failures().toString());
    }

    @Test
    void readsTheMarksOfABrokenNodeFromSnapshotAndLog() {
        world.with(Ingest.Settings.defaults().withJudge(this::judge)).start();
        world.bring(event(1), event(2));
        world.tasks.run(() -> world.ingest().snapshot());
        world.bring(event(3), event(neighbour("n1"), epoch(1), null, 1, "of-1"));
        world.bring(event(NODE, epoch(1), null, 4, "poison"));
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(
                List.of(Taken.KNOWN, Taken.KNOWN, Taken.KNOWN, Taken.STORED),
                world.bring(event(1), event(2), event(3), event(4)));
    }

    @Test
    void waitsLongerEachTime() {
        world.with(Ingest.Settings.defaults().withJudge(this::judge)).start();
        Arrived poison = event(NODE, epoch(1), null, 1, "poison");
        for (int i = 0; i < 600; i++) {
            world.bring(poison);
            world.tasks.advance(Duration.ofSeconds(1));
        }
        long faults = world.meter.counter("mr_backplane_faults_total{part=\"ingest\"}");
        assertTrue(faults >= 8 && faults <= 10, "faults " + faults);
    }

    @Test
    void aReceiptThatCannotBeSentComesAgain() {
        List<String> sent = new ArrayList<>();
        world.sending((origin, mark) -> {
                    if (broken.get()) {
                        throw new IllegalArgumentException("a mistake in the program");
                    }
                    sent.add(mark.text());
                })
                .start();
        world.bring(event(1));
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(1, world.meter.counter("mr_backplane_faults_total{part=\"receipts\"}"));
        broken.set(false);
        assertEquals(List.of(Taken.KNOWN), world.bring(event(1)));
        world.tasks.advance(Duration.ofSeconds(2));
        assertEquals(1, sent.size());
    }

    @Test
    void anErrandThatBreaksIsTheTroubleOfWhoBroughtIt() {
        SimTasks tasks = new SimTasks(3);
        SimMeter meter = new SimMeter();
        Desk desk = new Desk(tasks, meter);
        Tasks.Task serving = tasks.fork("desk", desk);
        AtomicReference<String> answer = new AtomicReference<>("");
        tasks.run(() -> {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> desk.ask(() -> {
                        throw new IllegalArgumentException("hostile input met a mistake");
                    }));
            assertThrows(
                    PortException.Refused.class,
                    () -> desk.ask(() -> {
                        throw new PortException.Refused("enrol.token", "no");
                    }));
            answer.set(desk.ask(() -> "served"));
        });
        assertEquals("served", answer.get());
        assertTrue(!serving.done());
        assertEquals(1, meter.counter("mr_backplane_faults_total{part=\"desk\"}"));
    }
}
