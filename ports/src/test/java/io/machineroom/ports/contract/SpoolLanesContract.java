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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.LaneLimits.Overflow;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of {@link SpoolContract} about the lanes and their bounds. Not to be extended alone. */
abstract class SpoolLanesContract {
    private static final Duration HOUR = Duration.ofHours(1);

    private SpoolUnderTest tested;
    private SpoolProvider.Settings settings;

    /** The spool under test, fresh for each test. */
    protected abstract SpoolUnderTest spool();

    @BeforeEach
    void begin() {
        tested = spool();
        settings = tested.settings();
    }

    SpoolUnderTest tested() {
        return tested;
    }

    SpoolProvider.Settings settings() {
        return settings;
    }

    static void assertRefused(String code, org.junit.jupiter.api.function.Executable what) {
        assertEquals(code, assertThrows(PortException.Refused.class, what).code());
    }

    static Message about(String subject, String text) {
        return message(text).at(Subject.of(subject));
    }

    private static List<String> times(String entry, int count) {
        return Collections.nCopies(count, entry);
    }

    private static List<String> both(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Test
    void drainsUrgentThenNormalThenBulkThenNewest() throws Exception {
        try (Spool spool = tested.open(settings);
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
        try (Spool spool = tested.open(lane(settings, Lane.BULK, LaneLimits.records(3, Overflow.REFUSE)));
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
        try (Spool spool = tested.open(lane(settings, Lane.BULK, two))) {
            spool.append(Lane.BULK, List.of(message("1", body)));
            spool.append(Lane.BULK, List.of(message("2", body)));
            assertRefused("spool.full", () -> spool.append(Lane.BULK, List.of(message("3", body))));
            spool.append(Lane.NORMAL, List.of(message("4", body)));
        }
    }

    @Test
    void dropsTheOldestWhenToldToAndLeavesVoids() throws Exception {
        SpoolProvider.Settings ten = lane(settings, Lane.NORMAL, LaneLimits.records(10, Overflow.DROP_OLDEST));
        try (Spool spool = tested.open(ten)) {
            append(spool, Lane.NORMAL, "n", 1, 8);
            append(spool, Lane.NORMAL, "n", 9, 10);
            append(spool, Lane.NORMAL, "n", 11, 13);
            assertEquals(10, spool.stats().records());
        }
        try (Spool spool = tested.open(ten);
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
        SpoolProvider.Settings ten = lane(settings, Lane.NORMAL, LaneLimits.records(10, Overflow.DROP_OLDEST));
        int next = 1;
        for (int round = 0; round < 4; round++) {
            Spool spool = tested.open(ten);
            append(spool, Lane.NORMAL, "n", next, next + 6);
            next += 7;
            tested.kill(spool);
        }
        try (Spool spool = tested.open(ten);
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
        try (Spool spool = tested.open(lane(settings, Lane.NORMAL, LaneLimits.records(10, Overflow.DROP_OLDEST)));
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
        try (Spool spool = tested.open(lane(settings, Lane.NORMAL, LaneLimits.records(5, Overflow.DROP_OLDEST)));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 2);
            assertRefused("spool.full", () -> append(spool, Lane.NORMAL, "x", 1, 6));
            append(spool, Lane.NORMAL, "m", 1, 5);
            assertEquals(both(times("(overflow)", 2), names("m", 1, 5)), perNumber(readAll(source)));
        }
    }

    @Test
    void dropsTheNewestWhenToldToAndLeavesVoids() throws Exception {
        try (Spool spool = tested.open(lane(settings, Lane.NORMAL, LaneLimits.records(5, Overflow.DROP_NEWEST)));
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
        SpoolProvider.Settings ten = bounds(settings, 1 << 20, 10);
        SpoolProvider.Settings both = lane(ten, Lane.BULK, new LaneLimits(1 << 20, 10, HOUR, Overflow.DROP_OLDEST));
        try (Spool spool = tested.open(both);
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
    void dropsWhatWaitedTooLong() throws Exception {
        LaneLimits hour = new LaneLimits(1 << 20, 1_000, HOUR, Overflow.REFUSE);
        SpoolProvider.Settings aged = lane(settings, Lane.NORMAL, hour);
        try (Spool spool = tested.open(aged)) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            append(spool, Lane.BULK, "b", 1, 1);
            tested.time().pass(Duration.ofMinutes(40));
        }
        try (Spool spool = tested.open(aged);
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "m", 1, 2);
            tested.time().jump(Duration.ofDays(3650));
            spool.trim();
            assertEquals(6, spool.stats().records(), "the wall clock decides nothing");
            tested.time().jump(Duration.ofDays(-7300));
            tested.time().pass(Duration.ofMinutes(40));
            spool.trim();
            assertEquals(3, spool.stats().records());
            assertEquals(both(times("(expired)", 3), List.of("m1", "m2", "b1")), perNumber(readAll(source)));
        }
    }

    @Test
    void makesRoomOfWhatWaitedTooLongBeforeItRefuses() throws Exception {
        LaneLimits hour = new LaneLimits(1 << 20, 3, HOUR, Overflow.REFUSE);
        try (Spool spool = tested.open(lane(settings, Lane.NORMAL, hour));
                Source source = spool.source("pump")) {
            append(spool, Lane.NORMAL, "n", 1, 3);
            assertRefused("spool.full", () -> append(spool, Lane.NORMAL, "x", 1, 1));
            tested.time().pass(Duration.ofMinutes(61));
            append(spool, Lane.NORMAL, "m", 1, 1);
            assertEquals(both(times("(expired)", 3), List.of("m1")), perNumber(readAll(source)));
        }
    }

    @Test
    void keepsOnlyTheNewestOfASubjectInLaneNewest() throws Exception {
        SpoolProvider.Settings ten = lane(settings, Lane.NEWEST, LaneLimits.records(10, Overflow.DROP_OLDEST));
        try (Spool spool = tested.open(ten)) {
            for (int i = 1; i <= 30; i++) {
                spool.append(Lane.NEWEST, List.of(about("inventory.a", "a" + i)));
            }
            spool.append(Lane.NEWEST, List.of(about("inventory.b", "b1"), about("inventory.a", "a31")));
            assertTrue(spool.stats().records() <= 10, spool.stats().toString());
        }
        try (Spool spool = tested.open(ten);
                Source source = spool.source("pump")) {
            List<Delivery> all = readAll(source);
            List<String> living =
                    perNumber(all).stream().filter(t -> !t.startsWith("(")).toList();
            assertEquals(List.of("b1", "a31"), living);
            assertEquals(32, perNumber(all).size());
            spool.append(Lane.NEWEST, List.of(about("inventory.b", "b2")));
            source.rewind();
            List<String> again = perNumber(readAll(source));
            assertEquals(List.of("(superseded)", "a31", "b2"), again.subList(30, 33));
            commitAll(source, all);
            assertEquals(1, source.waiting());
        }
    }

    @Test
    void keepsEveryRecordOfASubjectInTheOtherLanes() throws Exception {
        try (Spool spool = tested.open(settings);
                Source source = spool.source("pump")) {
            spool.append(Lane.NORMAL, List.of(about("x.y", "1"), about("x.y", "2")));
            assertEquals(List.of("1", "2"), bodies(readAll(source)));
        }
    }

    @Test
    void freesTheSpaceOfWhatItDropped() throws Exception {
        byte[] body = new byte[32 << 10];
        LaneLimits small = new LaneLimits(1 << 20, 1_000, Duration.ZERO, Overflow.DROP_OLDEST);
        try (Spool spool = tested.open(lane(settings, Lane.NORMAL, small));
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
