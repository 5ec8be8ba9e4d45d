package io.machineroom.ports.contract;

import static io.machineroom.ports.contract.SpoolWork.append;
import static io.machineroom.ports.contract.SpoolWork.bodies;
import static io.machineroom.ports.contract.SpoolWork.bounds;
import static io.machineroom.ports.contract.SpoolWork.commitAll;
import static io.machineroom.ports.contract.SpoolWork.lane;
import static io.machineroom.ports.contract.SpoolWork.mark;
import static io.machineroom.ports.contract.SpoolWork.message;
import static io.machineroom.ports.contract.SpoolWork.names;
import static io.machineroom.ports.contract.SpoolWork.perNumber;
import static io.machineroom.ports.contract.SpoolWork.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.LaneLimits.Overflow;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of {@link SpoolContract} about the lanes and their bounds. Not to be extended alone. */
abstract class SpoolLanesContract extends SpoolExpiryContract {
    @Test
    void drainsUrgentThenNormalThenBulkThenNewest() throws Exception {
        try (Spool spool = tested().open(settings());
                Source source = spool.source("pump")) {
            append(spool, Lane.NEWEST, "newest-", 1, 1);
            append(spool, Lane.BULK, "bulk-", 1, 1);
            append(spool, Lane.NORMAL, "normal-", 1, 2);
            append(spool, Lane.URGENT, "urgent-", 1, 1);
            assertEquals(List.of("urgent-1", "normal-1", "normal-2", "bulk-1", "newest-1"), bodies(readAll(source)));
        }
    }

    @Test
    void aFullLaneRefusesAndDoesNotDisturbTheOthers() throws Exception {
        try (Spool spool = tested().open(lane(settings(), Lane.BULK, LaneLimits.records(3, Overflow.REFUSE)));
                Source source = spool.source("pump")) {
            append(spool, Lane.BULK, "b", 1, 3);
            assertRefused("spool.full", () -> append(spool, Lane.BULK, "x", 1, 1));
            append(spool, Lane.NORMAL, "n", 1, 10);
            List<Delivery> all = readAll(source);
            assertEquals(both(names("n", 1, 10), names("b", 1, 3)), bodies(all));
            commitAll(source, all);
            assertEquals(4, append(spool, Lane.BULK, "b", 4, 4).getFirst().from());
        }
    }

    @Test
    void countsTheBytesOfALane() throws Exception {
        byte[] body = new byte[10_000];
        LaneLimits two = new LaneLimits(25_000, 1_000, Duration.ZERO, Overflow.REFUSE);
        try (Spool spool = tested().open(lane(settings(), Lane.BULK, two))) {
            spool.append(Lane.BULK, List.of(message("1", body)));
            spool.append(Lane.BULK, List.of(message("2", body)));
            assertRefused("spool.full", () -> spool.append(Lane.BULK, List.of(message("3", body))));
            spool.append(Lane.NORMAL, List.of(message("4", body)));
        }
    }

    @Test
    void dropsTheOldestWhenToldToAndLeavesVoids() throws Exception {
        SpoolProvider.Settings ten = lane(settings(), Lane.NORMAL, LaneLimits.records(10, Overflow.DROP_OLDEST));
        try (Spool spool = tested().open(ten)) {
            append(spool, Lane.NORMAL, "n", 1, 8);
            append(spool, Lane.NORMAL, "n", 9, 10);
            append(spool, Lane.NORMAL, "n", 11, 13);
            assertEquals(10, spool.stats().records());
        }
        try (Spool spool = tested().open(ten);
                Source source = spool.source("pump")) {
            List<Delivery> all = readAll(source);
            assertEquals(both(times("(overflow)", 3), names("n", 4, 13)), perNumber(all));
            source.rewind();
            assertEquals(13, source.waiting());
            assertEquals(perNumber(all), perNumber(readAll(source)));
            commitAll(source, all);
            assertEquals(0, source.waiting());
            assertEquals(0, spool.stats().records());
        }
    }

    @Test
    void keepsWhatWasDroppedDroppedWhenItIsKilled() throws Exception {
        SpoolProvider.Settings ten = lane(settings(), Lane.NORMAL, LaneLimits.records(10, Overflow.DROP_OLDEST));
        int next = 1;
        for (int round = 0; round < 4; round++) {
            Spool spool = tested().open(ten);
            append(spool, Lane.NORMAL, "n", next, next + 6);
            next += 7;
            tested().kill(spool);
        }
        try (Spool spool = tested().open(ten);
                Source source = spool.source("pump")) {
            assertEquals(10, spool.stats().records());
            List<Delivery> all = readAll(source);
            List<String> got =
                    bodies(all).stream().filter(b -> !b.startsWith("overflow")).toList();
            assertEquals(names("n", 19, 28), got);
            assertEquals(
                    28,
                    all.stream()
                            .mapToLong(d -> d.stamp().through() - d.stamp().from() + 1)
                            .sum());
            commitAll(source, all);
            assertEquals(0, source.waiting());
        }
    }

    @Test
    void dropsOnlyWhatNoReaderIsDoneWith() throws Exception {
        try (Spool spool = tested().open(lane(settings(), Lane.NORMAL, LaneLimits.records(10, Overflow.DROP_OLDEST)));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 10);
            List<Delivery> first = source.read(4, 1 << 20, SpoolWork.AT_ONCE);
            source.commit(mark(first.get(1)));
            append(spool, Lane.NORMAL, "n", 11, 13);
            assertEquals(names("n", 3, 4), bodies(first.subList(2, 4)), "what was handed out stays valid");
            source.commit(mark(first.get(3)));
            assertEquals(names("n", 5, 13), perNumber(readAll(source)), "the third was dropped, and stored meanwhile");
            assertEquals(9, spool.stats().records());
        }
    }

    @Test
    void takesNoMoreAtOnceThanALaneMayHold() throws Exception {
        try (Spool spool = tested().open(lane(settings(), Lane.NORMAL, LaneLimits.records(5, Overflow.DROP_OLDEST)));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 2);
            assertRefused("spool.full", () -> append(spool, Lane.NORMAL, "x", 1, 6));
            append(spool, Lane.NORMAL, "m", 1, 5);
            assertEquals(both(times("(overflow)", 2), names("m", 1, 5)), perNumber(readAll(source)));
        }
    }

    @Test
    void dropsTheNewestWhenToldToAndLeavesVoids() throws Exception {
        try (Spool spool = tested().open(lane(settings(), Lane.NORMAL, LaneLimits.records(5, Overflow.DROP_NEWEST)));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            assertEquals(
                    List.of(
                            new Spool.Appended(Lane.NORMAL, 4, 4),
                            new Spool.Appended(Lane.NORMAL, 5, 5),
                            new Spool.Appended(Lane.NORMAL, 6, 8, false)),
                    append(spool, Lane.NORMAL, "n", 4, 8));
            assertEquals(List.of(new Spool.Appended(Lane.NORMAL, 9, 9, false)), append(spool, Lane.NORMAL, "n", 9, 9));
            List<Delivery> all = readAll(source);
            assertEquals(both(names("n", 1, 5), times("(overflow)", 4)), perNumber(all));
            commitAll(source, all);
            append(spool, Lane.NORMAL, "n", 10, 10);
            assertEquals(List.of("n10"), bodies(readAll(source)));
        }
    }

    @Test
    void obeysThePolicyOfTheLaneAtTheBoundsOfTheWhole() throws Exception {
        SpoolProvider.Settings ten = bounds(settings(), 1 << 20, 10);
        SpoolProvider.Settings both = lane(ten, Lane.BULK, new LaneLimits(1 << 20, 10, HOUR, Overflow.DROP_OLDEST));
        try (Spool spool = tested().open(both);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 5);
            append(spool, Lane.BULK, "b", 1, 5);
            assertRefused("spool.full", () -> append(spool, Lane.NORMAL, "x", 1, 1));
            append(spool, Lane.BULK, "b", 6, 7);
            assertEquals(10, spool.stats().records());
            List<Delivery> bulk = readAll(source).stream()
                    .filter(d -> d.stamp().lane() == Lane.BULK)
                    .toList();
            assertEquals(both(times("(overflow)", 2), names("b", 3, 7)), perNumber(bulk));
        }
    }

    @Test
    void freesTheSpaceOfWhatItDropped() throws Exception {
        byte[] body = new byte[32 << 10];
        LaneLimits small = new LaneLimits(1 << 20, 1_000, Duration.ZERO, Overflow.DROP_OLDEST);
        try (Spool spool = tested().open(lane(settings(), Lane.NORMAL, small));
                Source idle = spool.source("idle")) {
            for (int i = 0; i < 300; i++) {
                spool.append(Lane.NORMAL, List.of(message("m" + i, body)));
            }
            spool.trim();
            assertTrue(spool.stats().diskBytes() < 4 << 20, spool.stats().toString());
            List<Delivery> all = readAll(idle);
            assertEquals(300, perNumber(all).size());
            assertEquals("m299", all.getLast().message().id());
        }
    }
}
