package io.machineroom.ports.contract;

import static io.machineroom.ports.contract.SpoolWork.append;
import static io.machineroom.ports.contract.SpoolWork.bodies;
import static io.machineroom.ports.contract.SpoolWork.bounds;
import static io.machineroom.ports.contract.SpoolWork.commitAll;
import static io.machineroom.ports.contract.SpoolWork.message;
import static io.machineroom.ports.contract.SpoolWork.names;
import static io.machineroom.ports.contract.SpoolWork.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The half of {@link SpoolContract} about bounds, room and damage. Not to be extended alone. */
abstract class SpoolLimitsContract extends SpoolLanesContract {
    @Test
    void refusesWhatIsOverItsBounds() throws Exception {
        try (Spool spool = tested().open(bounds(settings(), 1 << 20, 10));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 8);
            assertRefused("spool.full", () -> append(spool, Lane.NORMAL, "x", 1, 3));
            append(spool, Lane.NORMAL, "n", 9, 10);
            assertRefused("spool.full", () -> append(spool, Lane.URGENT, "x", 1, 1));
            byte[] large = new byte[settings().maxMessageBytes() + 1];
            assertRefused("spool.too-large", () -> spool.append(Lane.NORMAL, List.of(message("large", large))));
            List<Delivery> all = readAll(source);
            assertEquals(names("n", 1, 10), bodies(all));
            source.commit(SpoolWork.mark(all.get(4)));
            append(spool, Lane.NORMAL, "n", 11, 15);
            assertEquals(names("n", 11, 15), bodies(readAll(source)));
        }
    }

    @Test
    void refusesMoreBytesThanItMayHold() throws Exception {
        byte[] half = new byte[Math.min(settings().maxMessageBytes(), 64 << 10)];
        try (Spool spool = tested().open(bounds(settings(), 3L * half.length, 1_000))) {
            spool.append(Lane.NORMAL, List.of(message("1", half)));
            spool.append(Lane.NORMAL, List.of(message("2", half)));
            assertRefused("spool.full", () -> spool.append(Lane.NORMAL, List.of(message("3", half))));
            assertEquals(2, spool.stats().records());
        }
    }

    @Test
    void takesTheLargestMessage() throws Exception {
        byte[] body = new byte[settings().maxMessageBytes()];
        body[body.length - 1] = 42;
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            spool.append(Lane.NORMAL, List.of(message("1", body), message("2", body), message("3", body)));
            List<Delivery> all = readAll(source);
            assertEquals(3, all.size());
            assertEquals(42, all.get(2).message().bytes()[body.length - 1]);
        }
    }

    @Test
    void recordsAVoidEvenWhenItIsFull() throws Exception {
        try (Spool spool = tested().open(bounds(settings(), 1 << 20, 2));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 2);
            assertRefused("spool.full", () -> append(spool, Lane.NORMAL, "x", 1, 1));
            assertEquals(new Spool.Appended(Lane.NORMAL, 3, 7, false), spool.skip(Lane.NORMAL, 5, "overflow"));
            List<Delivery> all = readAll(source);
            assertEquals(List.of("n1", "n2", "overflow3-7"), bodies(all));
            assertEquals(Delivery.VOID_SUBJECT, all.get(2).message().subject());
            assertEquals(0, all.get(2).message().size());
            commitAll(source, all);
            assertEquals(List.of(new Spool.Appended(Lane.NORMAL, 8, 8)), append(spool, Lane.NORMAL, "n", 8, 8));
        }
    }

    @Test
    void survivesAFullDiskAndGoesOnAfterwards() throws Exception {
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            tested().fillDisk(true);
            assertThrows(PortException.class, () -> append(spool, Lane.NORMAL, "x", 1, 2));
            tested().fillDisk(false);
            assertEquals(4, append(spool, Lane.NORMAL, "n", 4, 5).getFirst().from());
            assertEquals(names("n", 1, 5), bodies(readAll(source)));
        }
    }

    @Test
    void cutsATornTailAndCountsIt() throws Exception {
        Spool killed = tested().open(settings());
        append(killed, Lane.NORMAL, "n", 1, 5);
        tested().kill(killed);
        tested().tearTail();
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            assertTrue(spool.stats().tornBytes() > 0);
            append(spool, Lane.NORMAL, "m", 1, 2);
            assertEquals(List.of("n1", "n2", "n3", "n4", "n5", "m1", "m2"), bodies(readAll(source)));
        }
    }

    @Test
    void handsOutAVoidForADamagedRecord() throws Exception {
        try (Spool spool = tested().open(settings())) {
            append(spool, Lane.NORMAL, "first-", 1, 1);
            append(spool, Lane.NORMAL, "second-", 2, 2);
            append(spool, Lane.NORMAL, "third-", 3, 4);
        }
        tested().damage("second-2");
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            List<Delivery> all = readAll(source);
            assertEquals(List.of("first-1", "damaged2-2", "third-3", "third-4"), bodies(all));
            assertEquals(1, spool.stats().damagedRecords());
            commitAll(source, all);
            assertEquals(0, source.waiting());
        }
    }

    @Test
    void freesSpaceOnlyBehindAllReaders() throws Exception {
        byte[] body = new byte[32 << 10];
        try (Spool spool = tested().open(settings());
                Source fast = spool.source("fast");
                Source slow = spool.source("slow")) {
            for (int i = 0; i < 200; i++) {
                spool.append(Lane.NORMAL, List.of(message("m" + i, body)));
            }
            long full = spool.stats().diskBytes();
            commitAll(fast, readAll(fast));
            spool.trim();
            assertTrue(spool.stats().diskBytes() >= full, "trimmed before the slow reader was done");
            assertEquals(200, spool.stats().records());
            List<Delivery> all = readAll(slow);
            assertEquals(200, all.size());
            commitAll(slow, all);
            spool.trim();
            assertTrue(spool.stats().diskBytes() < full / 2, spool.stats() + " of " + full);
            assertEquals(0, spool.stats().records());
            append(spool, Lane.NORMAL, "n", 1, 1);
            assertEquals(List.of("n1"), bodies(readAll(slow)));
            assertEquals(List.of("n1"), bodies(readAll(fast)));
        }
    }

    @Test
    void countsWhatItHolds() throws Exception {
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            assertEquals(0, spool.stats().records());
            assertEquals(0, spool.stats().oldestAgeSeconds());
            append(spool, Lane.NORMAL, "n", 1, 4);
            append(spool, Lane.BULK, "b", 1, 2);
            assertEquals(6, spool.stats().records());
            assertTrue(spool.stats().bytes() > 0);
            List<Delivery> all = readAll(source);
            source.commit(SpoolWork.mark(all.get(2)));
            assertEquals(3, spool.stats().records());
        }
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            assertEquals(3, spool.stats().records());
            commitAll(source, readAll(source));
            assertEquals(0, spool.stats().records());
            assertEquals(0, spool.stats().bytes());
        }
    }

    @Test
    void countsEachLane() throws Exception {
        try (Spool spool = tested().open(settings())) {
            append(spool, Lane.NORMAL, "n", 1, 4);
            append(spool, Lane.BULK, "b", 1, 2);
            tested().time().pass(java.time.Duration.ofSeconds(90));
            assertEquals(4, spool.stats(Lane.NORMAL).records());
            assertEquals(2, spool.stats(Lane.BULK).records());
            assertEquals(0, spool.stats(Lane.URGENT).records());
            assertEquals(0, spool.stats(Lane.URGENT).oldestAgeSeconds());
            long age = spool.stats(Lane.BULK).oldestAgeSeconds();
            assertTrue(age >= 89 && age < 3_600, age + " s");
            assertEquals(
                    spool.stats().bytes(),
                    spool.stats(Lane.NORMAL).bytes() + spool.stats(Lane.BULK).bytes());
        }
    }

    @Test
    void showsWhatWaitsWithoutTakingIt() throws Exception {
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 5);
            append(spool, Lane.URGENT, "u", 1, 1);
            spool.skip(Lane.NORMAL, 3, "capacity");
            source.commit(
                    SpoolWork.mark(source.read(3, 1 << 20, SpoolWork.AT_ONCE).get(2)));
            List<Delivery> shown = new ArrayList<>();
            spool.walk(shown::add);
            assertEquals(List.of("u1", "n3", "n4", "n5", "capacity6-8"), bodies(shown));
            List<Delivery> two = new ArrayList<>();
            spool.walk(d -> two.add(d) && two.size() < 2);
            assertEquals(2, two.size());
            assertEquals(List.of("n3", "n4", "n5", "capacity6-8"), bodies(readAll(source)));
        }
    }

    @Test
    void findsNothingWrongWithSoundFiles() throws Exception {
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 50);
            append(spool, Lane.BULK, "b", 1, 3);
            source.commit(SpoolWork.mark(readAll(source).get(9)));
        }
        assertEquals(List.of(), tested().check());
        tested().kill(tested().open(settings()));
        assertEquals(List.of(), tested().check());
    }

    @Test
    void findsDamageAndTornTailsWithoutTouchingThem() throws Exception {
        try (Spool spool = tested().open(settings())) {
            append(spool, Lane.NORMAL, "first-", 1, 1);
            append(spool, Lane.NORMAL, "second-", 2, 2);
            append(spool, Lane.NORMAL, "third-", 3, 3);
        }
        tested().damage("second-2");
        assertEquals(1, tested().check().size());
        tested().tearTail();
        assertEquals(2, tested().check().size());
        assertEquals(2, tested().check().size(), "looking changes nothing");
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            assertEquals(List.of("first-1", "damaged2-2", "third-3"), bodies(readAll(source)));
        }
    }
}
