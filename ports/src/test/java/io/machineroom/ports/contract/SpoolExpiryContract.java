package io.machineroom.ports.contract;

import static io.machineroom.ports.contract.SpoolWork.append;
import static io.machineroom.ports.contract.SpoolWork.bodies;
import static io.machineroom.ports.contract.SpoolWork.commitAll;
import static io.machineroom.ports.contract.SpoolWork.lane;
import static io.machineroom.ports.contract.SpoolWork.message;
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

/** The part of {@link SpoolContract} about what is too old, or superseded. Not to be extended alone. */
abstract class SpoolExpiryContract {
    static final Duration HOUR = Duration.ofHours(1);

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

    static List<String> times(String entry, int count) {
        return Collections.nCopies(count, entry);
    }

    static List<String> both(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
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
}
