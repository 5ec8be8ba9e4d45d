package io.machineroom.domain.backplane;

import static io.machineroom.domain.backplane.IngestWorld.NODE;
import static io.machineroom.domain.backplane.IngestWorld.epoch;
import static io.machineroom.domain.backplane.IngestWorld.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one writer of the log against disks and entries that do not do as they should. */
final class LogWriterTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final SimTasks tasks = new SimTasks(17);
    private final SimStorage disk = new SimStorage(tasks::await);
    private final SimMeter meter = new SimMeter();
    private final EventLog log =
            SimEventLog.open(disk, new SpoolProvider.LogSettings(Path.of("/log"), 1000, 0), tasks.entropy());
    private final LogWriter writer = new LogWriter(log, new SimEvents(), tasks, tasks.time(), meter);
    private final Tasks.Task writing = tasks.fork("event-log", writer);

    private static EventLog.Entry entry(long number, int bytes) {
        Arrived arrived = event(number);
        Message m = arrived.message();
        Message sized = new Message(m.subject(), m.id(), m.headers(), ByteBuffer.wrap(new byte[bytes]), m.created());
        return new EventLog.Entry("acme", "", "n1", NODE.nodeKey(), arrived.stamp(), sized, SimTasks.START);
    }

    private static LogWriter.Own own(String id) {
        Event event = new Event(id, "backplane", "test", "n1", SimTasks.START, Value.obj());
        return new LogWriter.Own(NODE, Subject.of("choria.machine.room.test"), event);
    }

    private List<EventLog.Entry> stored() {
        List<EventLog.Entry> out = new ArrayList<>();
        tasks.run(() -> {
            try (EventLog.Reader reader = log.reader(0)) {
                reader.read(1000, Duration.ZERO).forEach(s -> out.add(s.entry()));
            }
        });
        return out;
    }

    private Tasks.Task append(List<EventLog.Entry> entries, LogWriter.Own... own) {
        return tasks.fork("asker", () -> writer.append(entries, List.of(own)));
    }

    @Test
    void waitsForAFullDiskAndAnswersNobodyBefore() {
        disk.fill(true);
        Tasks.Task one = append(List.of(entry(1, 10)));
        Tasks.Task two = append(List.of(entry(2, 10)), own("news"));
        tasks.advance(Duration.ofSeconds(30));
        assertFalse(one.done() || two.done());
        assertEquals(List.of(), stored());
        assertTrue(meter.counter("mr_backplane_log_failures_total") >= 25);
        disk.fill(false);
        assertTrue(tasks.runUntil(() -> one.done() && two.done(), SOON));
        assertEquals(3, stored().size(), "each once");
        assertFalse(writing.done());
    }

    @Test
    void putsAVoidInThePlaceOfAnEntryThatTheLogCannotHoldAndServesTheOthers() {
        Tasks.Task first = append(List.of(entry(1, 10), entry(2, 5000), entry(3, 10)));
        Tasks.Task second = append(List.of(entry(4, 10)), own("news"));
        assertTrue(tasks.runUntil(() -> first.done() && second.done(), SOON));
        List<EventLog.Entry> stored = stored();
        assertEquals(5, stored.size());
        EventLog.Entry instead =
                stored.stream().filter(e -> e.stamp().isVoid()).findFirst().orElseThrow();
        assertEquals("damaged", instead.stamp().cause().orElseThrow());
        assertEquals(2, instead.stamp().from());
        assertEquals(epoch(1), instead.stamp().epoch());
        assertEquals(0, instead.message().size());
        assertEquals(
                List.of("id-1", "id-3", "id-4", "news"),
                stored.stream()
                        .filter(e -> !e.stamp().isVoid())
                        .map(e -> e.message().id())
                        .sorted()
                        .toList());
    }

    @Test
    void writesAnOversizedEntryAsAVoidOnlyOnceTheDiskTakesIt() {
        disk.fill(true);
        Tasks.Task asker = append(List.of(entry(1, 5000)));
        tasks.advance(Duration.ofSeconds(5));
        assertFalse(asker.done());
        disk.fill(false);
        assertTrue(tasks.runUntil(asker::done, SOON));
        assertEquals(1, stored().size());
    }

    @Test
    void endsWhenTheLogIsClosedAndAnswersNobody() {
        log.close();
        Tasks.Task event = append(List.of(entry(1, 10), entry(2, 10)));
        assertTrue(tasks.runUntil(writing::done, SOON), "it must not try for ever");
        assertTrue(writing.failure().orElseThrow() instanceof PortException.Refused r
                && r.code().equals("log.closed"));
        tasks.advance(Duration.ofSeconds(5));
        assertFalse(event.done(), "what is not stored is not answered");
    }

    @Test
    void goesOnWithoutASnapshotThatTheDiskDoesNotTake() {
        EventLog grudging = new GrudgingLog(log);
        LogWriter other = new LogWriter(grudging, new SimEvents(), tasks, tasks.time(), meter);
        Tasks.Task task = tasks.fork("other-log", other);
        tasks.run(() -> {
            other.append(List.of(entry(1, 10)), List.of());
            other.save(1, new byte[] {1});
            other.trim(1);
            other.append(List.of(entry(2, 10)), List.of());
        });
        assertEquals(2, stored().size());
        assertEquals(2, meter.counter("mr_backplane_log_failures_total"));
        assertTrue(log.snapshot().isEmpty());
        assertFalse(task.done());
    }

    @Test
    void numbersItsOwnEventsOnBehindTheLast() {
        writer.resume(41);
        writer.resume(7);
        Tasks.Task asker = append(List.of(), own("a"), own("b"));
        assertTrue(tasks.runUntil(asker::done, SOON));
        assertEquals(
                List.of(42L, 43L), stored().stream().map(e -> e.stamp().from()).toList());
    }

    /** Takes entries and refuses everything else, as a disk does that has just room for its reserve. */
    private record GrudgingLog(EventLog log) implements EventLog {
        @Override
        public String storeId() {
            return log.storeId();
        }

        @Override
        public long append(List<Entry> entries) throws InterruptedException {
            return log.append(entries);
        }

        @Override
        public long end() {
            return log.end();
        }

        @Override
        public long start() {
            return log.start();
        }

        @Override
        public Reader reader(long fromIndex) {
            return log.reader(fromIndex);
        }

        @Override
        public void saveSnapshot(long index, byte[] state) {
            throw new PortException.Unavailable("log.disk", "full");
        }

        @Override
        public java.util.Optional<Snapshot> snapshot() {
            return log.snapshot();
        }

        @Override
        public void trim(long index) {
            throw new PortException.Unavailable("log.disk", "full");
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
