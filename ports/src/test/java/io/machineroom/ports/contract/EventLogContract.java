package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every event log promises. Extend it with your log; the tests are the sentences. */
public abstract class EventLogContract {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Epoch EPOCH = new Epoch("a".repeat(32), 3, "b".repeat(32));
    private static final Epoch BEFORE = new Epoch("a".repeat(32), 2, "c".repeat(32));

    /** Opens the log of this test: the second time it finds what the first left. */
    protected abstract EventLog open();

    /** Ends it without closing, as a power cut does: what was not yet durable may be gone. */
    protected abstract void kill(EventLog log);

    /** Lets the disk be full, or not any more. */
    protected abstract void fillDisk(boolean full);

    private static EventLog.Entry entry(long number) {
        return entry(number, ("event " + number).getBytes(StandardCharsets.UTF_8));
    }

    private static EventLog.Entry entry(long number, byte[] body) {
        Message message = SpoolWork.message("id-" + number, body);
        Stamp stamp = Stamp.message(EPOCH, new Stamp.EpochEnd(BEFORE, 12), Lane.NORMAL, number);
        return new EventLog.Entry(
                "acme",
                "berlin",
                "node1.acme",
                "UABC",
                stamp,
                message,
                Instant.parse("2026-01-02T03:04:05.000000006Z"));
    }

    private static List<EventLog.Entry> entries(long from, long through) {
        return LongStream.rangeClosed(from, through)
                .mapToObj(EventLogContract::entry)
                .toList();
    }

    private static List<EventLog.Stored> readAll(EventLog log, long from) throws InterruptedException {
        List<EventLog.Stored> all = new ArrayList<>();
        try (EventLog.Reader reader = log.reader(from)) {
            List<EventLog.Stored> batch = reader.read(1_000, AT_ONCE);
            while (!batch.isEmpty()) {
                all.addAll(batch);
                batch = reader.read(1_000, AT_ONCE);
            }
        }
        return all;
    }

    private static void assertHolds(EventLog log, long from, long end) throws InterruptedException {
        List<EventLog.Stored> all = readAll(log, from);
        assertEquals(
                LongStream.range(from, end).boxed().toList(),
                all.stream().map(EventLog.Stored::index).toList());
        for (EventLog.Stored stored : all) {
            assertEquals("id-" + (stored.index() + 1), stored.entry().message().id());
        }
    }

    @Test
    void numbersEntriesFromZero() throws Exception {
        try (EventLog log = open()) {
            assertEquals(0, log.end());
            assertEquals(0, log.start());
            assertEquals(0, log.append(entries(1, 3)));
            assertEquals(3, log.append(entries(4, 4)));
            assertEquals(4, log.end());
            assertHolds(log, 0, 4);
            assertHolds(log, 2, 4);
            assertEquals(List.of(), readAll(log, 4));
        }
    }

    @Test
    void givesBackEachEntryWhole() throws Exception {
        EventLog.Entry sent = entry(1);
        Stamp nothing = new Stamp(EPOCH, null, Lane.BULK, 2, 9, "expired");
        Message empty = SpoolWork.message("void", new byte[0]);
        EventLog.Entry siteless = new EventLog.Entry("acme", "", "n", "U", nothing, empty, Instant.EPOCH);
        try (EventLog log = open()) {
            log.append(List.of(sent, siteless));
        }
        try (EventLog log = open()) {
            List<EventLog.Stored> all = readAll(log, 0);
            assertEquals(sent, all.get(0).entry());
            assertEquals(siteless, all.get(1).entry());
        }
    }

    @Test
    void keepsItsNameAndEveryAcknowledgedEntryWhenItIsKilled() throws Exception {
        String name = "";
        long next = 1;
        for (int round = 1; round <= 8; round++) {
            EventLog log = open();
            assertTrue(name.isEmpty() || name.equals(log.storeId()));
            name = log.storeId();
            assertTrue(name.matches("[0-9a-f]{32}"), name);
            for (int i = 0; i < round; i++) {
                assertEquals(next - 1, log.append(entries(next, next + i)));
                next += i + 1;
            }
            kill(log);
        }
        try (EventLog log = open()) {
            assertEquals(next - 1, log.end());
            assertHolds(log, 0, next - 1);
        }
    }

    @Test
    void letsReadersFollow() throws Exception {
        try (EventLog log = open();
                EventLog.Reader reader = log.reader(0)) {
            assertEquals(List.of(), reader.read(10, Duration.ofMillis(20)));
            Thread appender = Thread.ofVirtual().start(() -> {
                try {
                    log.append(entries(1, 3));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(2, reader.read(2, Duration.ofSeconds(30)).size());
            appender.join();
            assertEquals(2, reader.read(2, AT_ONCE).getFirst().index());
            log.append(entries(4, 4));
            assertEquals(3, reader.read(2, AT_ONCE).getFirst().index());
        }
    }

    @Test
    void keepsTheNewestSnapshot() throws Exception {
        try (EventLog log = open()) {
            assertEquals(Optional.empty(), log.snapshot());
            log.append(entries(1, 10));
            log.saveSnapshot(4, new byte[] {4});
            log.saveSnapshot(7, new byte[] {7, 7});
            log.saveSnapshot(9, new byte[] {9});
            kill(log);
        }
        try (EventLog log = open()) {
            EventLog.Snapshot snapshot = log.snapshot().orElseThrow();
            assertEquals(9, snapshot.index());
            assertArrayEquals(new byte[] {9}, snapshot.state());
            assertThrows(IllegalArgumentException.class, () -> log.saveSnapshot(11, new byte[0]));
        }
    }

    @Test
    void trimsOnlyWhatASnapshotCovers() throws Exception {
        int entries = 1_600;
        byte[] body = new byte[48 << 10];
        try (EventLog log = open()) {
            for (int i = 1; i <= entries; i += 16) {
                log.append(LongStream.range(i, i + 16)
                        .mapToObj(n -> entry(n, body))
                        .toList());
            }
            log.trim(entries);
            assertEquals(0, log.start());
            log.saveSnapshot(1_500, new byte[0]);
            log.trim(entries);
            assertNotEquals(0, log.start());
            assertTrue(log.start() <= 1_500, "start " + log.start());
            assertHolds(log, log.start(), entries);
            assertEquals(log.start(), readAll(log, 0).getFirst().index());
            assertHolds(log, 1_550, entries);
        }
        try (EventLog log = open()) {
            assertNotEquals(0, log.start());
            assertEquals(entries, log.append(entries(entries + 1, entries + 1)));
            assertHolds(log, log.start(), entries + 1);
        }
    }

    @Test
    void survivesAFullDisk() throws Exception {
        try (EventLog log = open()) {
            log.append(entries(1, 2));
            fillDisk(true);
            assertEquals(
                    "log.disk",
                    assertThrows(PortException.Unavailable.class, () -> log.append(entries(3, 4)))
                            .code());
            fillDisk(false);
            assertEquals(2, log.append(entries(3, 4)));
            assertHolds(log, 0, 4);
        }
    }

    @Test
    void belongsToOneAtATime() {
        try (EventLog log = open()) {
            assertEquals(0, log.end());
            assertEquals(
                    "log.locked",
                    assertThrows(PortException.Refused.class, this::open).code());
        }
        open().close();
    }

    @Test
    void closesTwiceAndRefusesAfterwards() throws Exception {
        EventLog log = open();
        EventLog.Reader reader = log.reader(0);
        log.append(entries(1, 1));
        log.close();
        log.close();
        assertThrows(PortException.class, () -> log.append(entries(2, 2)));
        assertThrows(PortException.class, () -> reader.read(1, AT_ONCE));
        reader.close();
    }
}
