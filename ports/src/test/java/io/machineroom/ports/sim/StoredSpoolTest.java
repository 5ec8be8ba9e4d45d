package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.LaneLimits.Overflow;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.spool.kit.LaneStore;
import io.machineroom.ports.spool.kit.Ledger;
import io.machineroom.ports.spool.kit.SpoolStore;
import io.machineroom.ports.spool.kit.StoredSpool;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A spool of the kit over a store that fails. What every spool promises is in the contracts. */
final class StoredSpoolTest {
    private final SimStorage disk = new SimStorage(SimSpoolUnderTest::waitAsThreadsDo);
    private final SimSpoolFiles files = new SimSpoolFiles(disk, new Ledger("a".repeat(32)));
    private final AtomicBoolean refuses = new AtomicBoolean();

    /** Does not save while it is told so. */
    private record Refusing(SimSpoolFiles files, AtomicBoolean refuses) implements SpoolStore {
        @Override
        public Ledger ledger() {
            return files.ledger();
        }

        @Override
        public void save(Ledger ledger) {
            if (refuses.get()) {
                throw new PortException.Unavailable("spool.disk", "told to");
            }
            files.save(ledger);
        }

        @Override
        public LaneStore lane(Lane lane) {
            return files.lane(lane);
        }

        @Override
        public long freeBytes() {
            return files.freeBytes();
        }

        @Override
        public void close() {
            files.close();
        }
    }

    private Spool open(Overflow overflow) {
        Settings settings = Settings.defaults(Path.of("spool"));
        settings = settings.within(settings.bounds().with(Lane.NORMAL, LaneLimits.records(3, overflow)));
        return new StoredSpool(new Refusing(files, refuses), settings, new ShiftedTime()::ticks, "b".repeat(32), files);
    }

    private static List<Spool.Appended> append(Spool spool, String id) throws InterruptedException {
        Message message = new Message(Subject.of("a.b"), id, Map.of(), ByteBuffer.allocate(10), Instant.EPOCH);
        return spool.append(Lane.NORMAL, List.of(message));
    }

    private static List<String> read(Source source) throws InterruptedException {
        return source.read(100, 1 << 20, Duration.ZERO).stream()
                .map(d -> d.stamp().cause().orElse(d.message().id()))
                .toList();
    }

    @Test
    void changesNothingWhenTheLedgerCannotBeSaved() throws Exception {
        Spool spool = open(Overflow.DROP_OLDEST);
        try (Source source = spool.source("pump")) {
            for (String id : List.of("1", "2", "3")) {
                append(spool, id);
            }
            refuses.set(true);
            assertThrows(PortException.Unavailable.class, () -> append(spool, "4"));
            DoneMark two = new DoneMark(spool.epoch(), Lane.NORMAL, 2, "s");
            assertThrows(PortException.Unavailable.class, () -> source.commit(two));
            assertThrows(PortException.Unavailable.class, () -> spool.source("other"));
            assertEquals(3, source.waiting());
            assertEquals(3, spool.stats().records());
            refuses.set(false);
            assertEquals(List.of("1", "2", "3"), read(source));
            assertEquals(4, append(spool, "4").getFirst().from());
            source.rewind();
            assertEquals(List.of("overflow", "2", "3", "4"), read(source));
            source.commit(two);
            assertEquals(2, spool.stats().records());
        }
    }

    @Test
    void countsAnewWhenSomethingIsDamagedWhileItIsOpen() throws Exception {
        Spool spool = open(Overflow.REFUSE);
        try (Source source = spool.source("pump")) {
            for (String id : List.of("1", "2", "3")) {
                append(spool, id);
            }
            files.flip(1);
            assertEquals(List.of("1", "damaged", "3"), read(source));
            source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 1, "s"));
            assertEquals(1, spool.stats().records());
            source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 3, "s"));
            assertEquals(0, spool.stats().records());
            assertEquals(0, spool.stats().bytes());
        }
    }

    @Test
    void freesVoidsInFrontOfEverythingAndKeepsTheirCauses() throws Exception {
        Spool spool = open(Overflow.REFUSE);
        try (Source source = spool.source("pump")) {
            spool.skip(Lane.NORMAL, 2, "parked");
            spool.skip(Lane.NORMAL, 1, "capacity");
            append(spool, "4");
            spool.trim();
            assertEquals(4, files.lane(Lane.NORMAL).records().iterator().next().through());
            assertEquals(List.of("parked", "capacity", "4"), read(source));
            assertEquals(4, source.waiting());
        }
        spool.close();
        try (Spool again = open(Overflow.REFUSE);
                Source source = again.source("pump")) {
            assertEquals(List.of("parked", "capacity", "4"), read(source));
        }
    }
}
