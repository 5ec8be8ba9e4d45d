package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimEntropy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GovernorTest {
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final GovernorWorld world = new GovernorWorld(11);

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void worksInASlotAndGivesItBack() {
        world.make(1, LIFE);
        world.sim.run(() -> {
            String done = world.governor.within(world.wish(PATIENCE), world.turns::add, () -> {
                List<Slots.Slot> held = world.broker().view("G");
                assertEquals(
                        List.of("Auto Agent  m#w @ n1"),
                        held.stream().map(Slots.Slot::holder).toList());
                return "done";
            });
            assertEquals("done", done);
            assertEquals(List.of(), world.broker().view("G"));
            assertEquals(List.of(new Turn(Turn.Kind.ENTER, "G", 1), new Turn(Turn.Kind.EXIT, "G", 1)), world.turns);
        });
    }

    @Test
    void gov01AndB159SaysThatThereIsNoSuchGovernor() {
        world.sim.run(() -> {
            PortException.Refused refused =
                    assertThrows(PortException.Refused.class, () -> world.run(PATIENCE, seconds(1)));
            assertEquals("governor.unknown", refused.code());
            assertEquals(List.of(new Turn(Turn.Kind.TIMEOUTS, "G", 0)), world.turns);
            assertEquals(0, world.most);
        });
    }

    @Test
    void givesUpWhenThereIsNoSlotInTime() {
        world.make(1, Duration.ofHours(1));
        world.sim.run(() -> {
            world.broker().enterAs("G", "choria cli");
            long start = world.sim.time().ticks();
            PortException.Unavailable late =
                    assertThrows(PortException.Unavailable.class, () -> world.run(seconds(30), seconds(1)));
            assertEquals("governor.timeout", late.code());
            assertEquals(seconds(30), Duration.ofNanos(world.sim.time().ticks() - start));
            assertEquals(List.of(new Turn(Turn.Kind.TIMEOUTS, "G", 0)), world.turns);
            assertEquals(1, world.broker().view("G").size());
        });
    }

    @Test
    void waitsForWhoHoldsTheSlotNow() {
        world.make(1, Duration.ofHours(1));
        world.sim.run(() -> {
            long theirs = world.broker().enterAs("G", "choria cli");
            world.sim.fork("them", () -> {
                world.sim.sleep(seconds(20));
                world.broker().leaveAs("G", theirs);
            });
            assertEquals("done", world.run(PATIENCE, seconds(1)));
        });
    }

    @Test
    void asksAtThePaceOfChoria() {
        SimEntropy entropy = new SimEntropy(3);
        Wish wish = Wish.ofWatcher("G", "m", "w", "n1", PATIENCE);
        assertEquals(Duration.ofMillis(250), wish.pace().after(1, entropy));
        List<Integer> table = List.of(750, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5000, 5000);
        for (int i = 0; i < table.size(); i++) {
            long millis = wish.pace().after(i + 2, entropy).toMillis();
            assertTrue(millis >= table.get(i) / 2 && millis < table.get(i) * 3 / 2, i + ": " + millis);
        }
    }

    @Test
    void givesTheSlotBackWhenTheWorkFails() {
        world.make(1, LIFE);
        world.sim.run(() -> {
            PortException.Refused refused = assertThrows(
                    PortException.Refused.class,
                    () -> world.governor.within(world.wish(PATIENCE), world.turns::add, () -> {
                        throw new PortException.Refused("test.failed", "it fails");
                    }));
            assertEquals("test.failed", refused.code());
            assertThrows(
                    IllegalStateException.class,
                    () -> world.governor.within(world.wish(PATIENCE), world.turns::add, () -> {
                        throw new IllegalArgumentException("broken");
                    }));
            assertEquals(List.of(), world.broker().view("G"));
        });
    }

    @Test
    void stopsTheWorkAndGivesTheSlotBackWhenItsCallerIsStopped() {
        world.make(1, LIFE);
        Tasks.Task caller = world.sim.fork("caller", () -> world.run(PATIENCE, Duration.ofHours(5)));
        world.sim.advance(seconds(10));
        assertEquals(1, world.working);
        caller.cancel();
        world.sim.advance(seconds(1));
        assertTrue(caller.done());
        assertEquals(0, world.working);
        assertEquals(List.of(), world.broker().view("G"));
        assertEquals(List.of(Turn.Kind.ENTER, Turn.Kind.EXIT), world.kinds());
    }

    @Test
    void leavesNothingWhenItsCallerIsStoppedWhileItWaits() {
        world.make(1, Duration.ofHours(1));
        world.broker().enterAs("G", "choria cli");
        Tasks.Task caller = world.sim.fork("caller", () -> world.run(PATIENCE, seconds(1)));
        world.sim.advance(seconds(10));
        caller.cancel();
        world.sim.advance(seconds(10));
        assertTrue(caller.done());
        assertEquals(1, world.broker().view("G").size());
        assertEquals(0, world.most);
    }

    @Test
    void w51RenewsTheSlotOfWorkThatOutlivesIt() {
        world.make(2, LIFE);
        world.sim.run(() -> {
            assertEquals("done", world.run(PATIENCE, Duration.ofMinutes(30)));
            world.sim.sleep(seconds(5));
            assertEquals(List.of(), world.broker().view("G"));
            assertEquals(List.of(Turn.Kind.ENTER, Turn.Kind.EXIT), world.kinds());
        });
    }

    @Test
    void w51StopsTheWorkBeforeItsSlotEndsWhenThereIsNoOther() {
        world.make(1, LIFE);
        world.sim.run(() -> {
            long start = world.sim.time().ticks();
            PortException.Unavailable lost =
                    assertThrows(PortException.Unavailable.class, () -> world.run(PATIENCE, Duration.ofMinutes(30)));
            assertEquals("governor.lost", lost.code());
            Duration took = Duration.ofNanos(world.sim.time().ticks() - start);
            assertTrue(took.compareTo(LIFE) < 0, took.toString());
            assertTrue(took.compareTo(LIFE.minusSeconds(10)) > 0, took.toString());
            assertEquals(0, world.working);
            assertEquals(1, world.broker().view("G").size(), "what was told to stop may need a moment");
            world.sim.sleep(LIFE.minus(took).plusSeconds(1));
            assertEquals(List.of(), world.broker().view("G"));
        });
    }

    @Test
    void w51ANewSlotIsHeldBeforeTheOldOneIsGivenBack() {
        world.make(2, LIFE);
        world.sim.afterEachStep(() -> {
            if (world.working > 0) {
                assertFalse(world.broker().view("G").isEmpty(), "somebody works without a slot");
            }
        });
        world.sim.run(() -> assertEquals("done", world.run(PATIENCE, Duration.ofMinutes(30))));
    }

    @Test
    void w51ATryWithoutAnAnswerTakesOneSlotAtMost() {
        world.make(5, Duration.ofHours(1));
        world.wire.network().loseAnswers(0.5);
        world.sim.run(() -> {
            for (int i = 0; i < 20; i++) {
                assertEquals("done", world.run(PATIENCE, seconds(3)));
            }
        });
        world.wire.network().loseAnswers(0);
        world.sim.advance(Duration.ofMinutes(20));
        assertEquals(List.of(), world.broker().view("G"));
    }

    @Test
    void w51WhatGaveUpWithoutAnAnswerLeavesNoSlot() {
        world.make(1, Duration.ofHours(10));
        long theirs = world.broker().enterAs("G", "choria cli");
        Tasks.Task caller = world.sim.fork("caller", () -> world.run(seconds(20), seconds(1)));
        world.sim.advance(seconds(10));
        world.wire.network().loseAnswers(1);
        world.broker().leaveAs("G", theirs);
        world.sim.advance(seconds(15));
        assertTrue(caller.done());
        assertEquals(1, world.broker().view("G").size(), "it was taken, and nobody heard of it");
        world.wire.network().loseAnswers(0);
        world.sim.advance(seconds(30));
        assertEquals(List.of(), world.broker().view("G"));
        assertEquals(0, world.most);
    }

    /** Who clears up begins when the id is too old to work with: there must be time left until servers forget it. */
    @Test
    void w51ASlotThatStayedUnclearForLongIsStillGivenBack() {
        world.make(1, Duration.ofHours(10));
        long theirs = world.broker().enterAs("G", "choria cli");
        Tasks.Task caller = world.sim.fork("caller", () -> world.run(Duration.ofHours(1), seconds(1)));
        world.sim.advance(seconds(10));
        world.wire.network().loseAnswers(1);
        world.broker().leaveAs("G", theirs);
        world.sim.advance(seconds(75));
        assertEquals(1, world.broker().view("G").size(), "it was taken, and nobody heard of it");
        world.wire.network().loseAnswers(0);
        world.sim.advance(Duration.ofMinutes(5));
        assertTrue(caller.done());
        assertEquals(1, world.most);
        assertEquals(List.of(), world.broker().view("G"));
    }

    @Test
    void goesOnAskingWhileTheBrokerIsAway() {
        world.make(1, LIFE);
        world.wire.network().cut("node", "saas");
        world.sim.fork("repair", () -> {
            world.sim.sleep(seconds(40));
            world.wire.network().heal();
        });
        world.sim.run(() -> assertEquals("done", world.run(PATIENCE, seconds(1))));
    }

    @Test
    void stopsTheWorkWhenTheBrokerStaysAway() {
        world.make(3, LIFE);
        world.sim.fork("storm", () -> {
            world.sim.sleep(seconds(10));
            world.wire.network().cut("node", "saas");
        });
        world.sim.run(() -> {
            long start = world.sim.time().ticks();
            assertEquals(
                    "governor.lost",
                    assertThrows(PortException.Unavailable.class, () -> world.run(PATIENCE, Duration.ofMinutes(30)))
                            .code());
            assertTrue(Duration.ofNanos(world.sim.time().ticks() - start).compareTo(LIFE.plusSeconds(3)) < 0);
        });
        assertEquals(0, world.working);
    }

    @Test
    void leavesTheSlotToItsAgeWhereRunsAPeriodAreCounted() {
        world.make(1, LIFE);
        world.sim.run(() -> {
            Wish wish = new Wish("G", "cli", seconds(10), (tries, entropy) -> seconds(1), Wish.Ending.EXPIRE);
            assertEquals("done", world.governor.within(wish, world.turns::add, () -> "done"));
            assertEquals(1, world.broker().view("G").size());
            assertEquals(
                    "governor.timeout",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> world.governor.within(wish, world.turns::add, () -> "done"))
                            .code());
            world.sim.sleep(LIFE);
            assertEquals("done", world.governor.within(wish, world.turns::add, () -> "done"));
        });
    }
}
