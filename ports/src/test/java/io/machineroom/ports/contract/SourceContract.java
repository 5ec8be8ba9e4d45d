package io.machineroom.ports.contract;

import static io.machineroom.ports.contract.SpoolWork.AT_ONCE;
import static io.machineroom.ports.contract.SpoolWork.STORE;
import static io.machineroom.ports.contract.SpoolWork.append;
import static io.machineroom.ports.contract.SpoolWork.bodies;
import static io.machineroom.ports.contract.SpoolWork.commitAll;
import static io.machineroom.ports.contract.SpoolWork.mark;
import static io.machineroom.ports.contract.SpoolWork.message;
import static io.machineroom.ports.contract.SpoolWork.names;
import static io.machineroom.ports.contract.SpoolWork.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every source of a spool promises. Extend it with your spool; the tests are the sentences. */
public abstract class SourceContract {
    private SpoolUnderTest tested;
    private SpoolProvider.Settings settings;

    /** The spool under test, fresh for each test. */
    protected abstract SpoolUnderTest spool();

    @BeforeEach
    void begin() {
        tested = spool();
        settings = tested.settings();
    }

    @Test
    void handsOutUncommittedRecordsAgainAfterRewinding() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 4);
            List<Delivery> all = readAll(source);
            assertEquals(
                    List.of(1, 1, 1, 1), all.stream().map(Delivery::attempt).toList());
            source.commit(mark(all.get(1)));
            source.rewind();
            List<Delivery> again = source.read(1, 1 << 20, AT_ONCE);
            assertEquals(List.of("n3"), bodies(again));
            assertEquals(2, again.getFirst().attempt());
            source.rewind();
            append(spool, Lane.NORMAL, "n", 5, 5);
            List<Delivery> third = readAll(source);
            assertEquals(names("n", 3, 5), bodies(third));
            assertEquals(List.of(3, 2, 1), third.stream().map(Delivery::attempt).toList());
        }
    }

    @Test
    void handsOutUncommittedRecordsAgainAfterReopening() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 4);
            source.commit(mark(readAll(source).get(2)));
        }
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            assertEquals(List.of("n4"), bodies(readAll(source)));
        }
    }

    @Test
    void neverHandsOutCommittedRecordsAgainEvenAfterAKill() throws Exception {
        Spool killed = tested.open(settings);
        Source source = killed.source("pump");
        append(killed, Lane.NORMAL, "n", 1, 300);
        List<Delivery> all = readAll(source);
        source.commit(mark(all.get(99)));
        source.commit(mark(all.get(199)));
        tested.kill(killed);
        try (Spool spool = tested.open(settings);
                Source later = spool.source("pump")) {
            assertEquals(100, later.waiting());
            assertEquals(names("n", 201, 300), bodies(readAll(later)));
        }
    }

    @Test
    void keepsItsPlaceWhenItIsClosedAndOpenedAgain() throws Exception {
        try (Spool spool = tested.open(settings)) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            try (Source source = spool.source("pump")) {
                assertThrows(PortException.Refused.class, () -> spool.source("pump"));
                source.commit(mark(readAll(source).getFirst()));
            }
            try (Source source = spool.source("pump")) {
                assertEquals(names("n", 2, 3), bodies(readAll(source)));
            }
        }
    }

    @Test
    void acceptsMarksOfNumbersItHasNotReadYet() throws Exception {
        Epoch epoch;
        try (Spool spool = tested.open(settings)) {
            epoch = spool.epoch();
            append(spool, Lane.NORMAL, "n", 1, 10);
        }
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "m", 1, 2);
            source.commit(new DoneMark(epoch, Lane.NORMAL, 7, STORE));
            assertEquals(5, source.waiting());
            assertEquals(List.of("n8", "n9", "n10", "m1", "m2"), bodies(readAll(source)));
            source.commit(new DoneMark(epoch, Lane.NORMAL, 10, STORE));
            source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 2, STORE));
            assertEquals(0, source.waiting());
            assertEquals(0, spool.stats().records());
        }
    }

    @Test
    void skipsRecordsOfALaterEpochThatAreDoneBeforeEarlierOnes() throws Exception {
        try (Spool spool = tested.open(settings)) {
            append(spool, Lane.NORMAL, "n", 1, 2);
        }
        Epoch second;
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            second = spool.epoch();
            append(spool, Lane.NORMAL, "m", 1, 3);
            source.commit(new DoneMark(second, Lane.NORMAL, 2, STORE));
            assertEquals(3, source.waiting());
        }
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            assertEquals(3, source.waiting());
            assertEquals(List.of("n1", "n2", "m3"), bodies(readAll(source)));
        }
    }

    @Test
    void ignoresMarksThatRepeatOrGoBack() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 5);
            List<Delivery> all = readAll(source);
            source.commit(mark(all.get(3)));
            source.commit(mark(all.get(3)));
            source.commit(mark(all.get(1)));
            source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 0, STORE));
            assertEquals(1, source.waiting());
            source.rewind();
            assertEquals(List.of("n5"), bodies(readAll(source)));
        }
    }

    @Test
    void refusesMarksOfNumbersThatWereNeverGiven() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 2);
            Epoch here = spool.epoch();
            assertBeyond(source, new DoneMark(here, Lane.NORMAL, 3, STORE));
            assertBeyond(source, new DoneMark(here, Lane.URGENT, 1, STORE));
            assertBeyond(source, new DoneMark(new Epoch("0".repeat(32), 1, here.nonce()), Lane.NORMAL, 1, STORE));
            assertBeyond(
                    source,
                    new DoneMark(new Epoch(here.lineage(), here.ordinal() + 1, here.nonce()), Lane.NORMAL, 1, STORE));
            assertBeyond(
                    source,
                    new DoneMark(new Epoch(here.lineage(), here.ordinal(), "0".repeat(32)), Lane.NORMAL, 1, STORE));
            assertEquals(2, source.waiting());
        }
    }

    @Test
    void doesNotDisturbAnotherReader() throws Exception {
        try (Spool spool = tested.open(settings);
                Source one = spool.source("one")) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            commitAll(one, readAll(one));
            try (Source two = spool.source("two")) {
                assertEquals(0, one.waiting());
                assertEquals(3, two.waiting());
                assertEquals(names("n", 1, 3), bodies(readAll(two)));
                two.rewind();
                assertEquals(List.of(), readAll(one));
                assertEquals(names("n", 1, 3), bodies(readAll(two)));
            }
        }
    }

    @Test
    void keepsToTheBoundsOfABatchButGivesAtLeastOne() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            byte[] body = new byte[1000];
            for (int i = 1; i <= 6; i++) {
                spool.append(Lane.NORMAL, List.of(message("m" + i, body)));
            }
            assertEquals(1, source.read(10, 1, AT_ONCE).size());
            assertEquals(2, source.read(10, 2_500, AT_ONCE).size());
            assertEquals(1, source.read(1, 1 << 20, AT_ONCE).size());
            assertEquals(2, source.read(10, 1 << 20, AT_ONCE).size());
            assertEquals(0, source.read(10, 1 << 20, AT_ONCE).size());
        }
    }

    @Test
    void looksAtUrgentRecordsFirst() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            assertEquals(List.of("n1"), bodies(source.read(1, 1 << 20, AT_ONCE)));
            append(spool, Lane.URGENT, "u", 1, 1);
            assertEquals(List.of("u1", "n2", "n3"), bodies(readAll(source)));
        }
    }

    @Test
    void waitsForTheFirstRecord() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            assertEquals(List.of(), source.read(10, 1 << 20, Duration.ofMillis(20)));
            Thread appender = Thread.ofVirtual().start(() -> {
                try {
                    append(spool, Lane.NORMAL, "n", 1, 1);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertEquals(List.of("n1"), bodies(source.read(10, 1 << 20, Duration.ofSeconds(30))));
            appender.join();
        }
    }

    @Test
    void keepsBodiesValidUntilTheyAreCommitted() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 1);
            List<Delivery> first = readAll(source);
            for (int i = 2; i <= 400; i++) {
                spool.append(Lane.NORMAL, List.of(message("m" + i, new byte[8 << 10])));
            }
            assertEquals(399, readAll(source).size());
            spool.trim();
            assertEquals(List.of("n1"), bodies(first));
        }
    }

    @Test
    void countsEveryNumberOfAVoidAsWaiting() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 1);
            spool.skip(Lane.NORMAL, 10, "expired");
            assertEquals(11, source.waiting());
            List<Delivery> all = readAll(source);
            assertEquals(List.of("n1", "expired2-11"), bodies(all));
            commitAll(source, all);
            assertEquals(0, source.waiting());
        }
    }

    @Test
    void isOverWhenItOrItsSpoolIsClosed() throws Exception {
        Spool spool = tested.open(settings);
        Source closed = spool.source("one");
        closed.close();
        closed.close();
        assertThrows(PortException.class, () -> closed.read(1, 1, AT_ONCE));
        Source open = spool.source("two");
        spool.close();
        assertThrows(PortException.class, () -> open.read(1, 1, AT_ONCE));
        open.close();
    }

    private static void assertBeyond(Source source, DoneMark mark) {
        assertEquals(
                "mark.beyond",
                assertThrows(PortException.Refused.class, () -> source.commit(mark))
                        .code());
    }
}
