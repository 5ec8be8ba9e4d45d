package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.contract.TasksContract;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SimTasksTest extends TasksContract {
    private final SimTasks sim = new SimTasks(7);

    @Override
    protected Tasks tasks() {
        return sim;
    }

    @Override
    protected TimeSource time() {
        return sim.time();
    }

    @Override
    protected void within(Tasks.Body body) {
        sim.run(body);
    }

    private static String play(long seed) {
        SimTasks world = new SimTasks(seed);
        Mailbox<String> box = world.mailbox(10_000);
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String name = "t" + i;
            world.fork(name, () -> {
                for (int round = 0; round < 50; round++) {
                    box.offer(name);
                    world.sleep(Duration.ofMillis(world.entropy().below(5)));
                }
            });
        }
        world.run(() -> {
            for (int i = 0; i < 1_000; i++) {
                order.append(box.take());
            }
        });
        return world.history() + order;
    }

    @Test
    void sameSeedPlaysTheSameHistory() {
        assertEquals(play(1), play(1));
        assertNotEquals(play(1), play(2));
    }

    @Test
    void timeJumpsToTheNextTimer() {
        sim.run(() -> sim.sleep(Duration.ofDays(365)));
        assertEquals(Duration.ofDays(365).toNanos(), sim.time().ticks());
        assertEquals(SimTasks.START.plus(Duration.ofDays(365)), sim.time().wall());
    }

    @Test
    void wallJumpsAndTicksDoNot() {
        sim.jumpWall(Duration.ofHours(-3));
        sim.advance(Duration.ofHours(1));
        assertEquals(SimTasks.START.minus(Duration.ofHours(2)), sim.time().wall());
        assertEquals(Duration.ofHours(1).toNanos(), sim.time().ticks());
    }

    @Test
    void advanceFiresWhatIsDueAndNothingMore() {
        List<String> seen = new ArrayList<>();
        sim.fork("clock", () -> {
            for (int second = 1; second < 100; second++) {
                sim.sleep(Duration.ofSeconds(1));
                seen.add("s" + second);
            }
        });
        sim.advance(Duration.ofSeconds(3));
        assertEquals(List.of("s1", "s2", "s3"), seen);
        assertTrue(sim.runUntil(() -> seen.size() == 10, Duration.ofSeconds(60)));
        assertFalse(sim.runUntil(() -> seen.size() == 100, Duration.ofSeconds(2)));
    }

    @Test
    void showsWhoWaitsWhenEverybodyWaits() {
        Mailbox<String> never = sim.mailbox(1);
        sim.fork("lonely", never::take);
        AssertionError error = assertThrows(AssertionError.class, () -> sim.run(never::take));
        assertTrue(error.getMessage().contains("world/lonely #0: waits for a message"), error.getMessage());
    }

    @Test
    void findsTasksThatSpinWithoutTime() {
        sim.fork("spinner", () -> {
            while (true) {
                sim.sleep(Duration.ZERO);
            }
        });
        AssertionError error = assertThrows(AssertionError.class, () -> sim.advance(Duration.ofSeconds(1)));
        assertTrue(error.getMessage().startsWith("time stands still"), error.getMessage());
    }

    @Test
    void crashStopsANodeWithoutItsFinallyBlocks() {
        List<String> seen = new ArrayList<>();
        SimNode node = sim.node("n1");
        SimTask task = node.fork("worker", () -> {
            try {
                node.sleep(Duration.ofSeconds(10));
            } finally {
                seen.add("finally");
            }
        });
        sim.advance(Duration.ofSeconds(1));
        node.crash();
        sim.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), seen);
        assertTrue(task.done());
        node.fork("again", () -> seen.add("again"));
        sim.settle();
        assertEquals(List.of("again"), seen);
    }

    @Test
    void aTaskMayCrashItsOwnNode() {
        List<String> seen = new ArrayList<>();
        SimNode node = sim.node("n1");
        node.fork("worker", () -> {
            seen.add("before");
            node.crash();
            seen.add("after");
        });
        sim.advance(Duration.ofMinutes(1));
        assertEquals(List.of("before"), seen);
    }

    @Test
    void pauseHoldsANodeWhileTimeGoesOn() {
        List<Long> seen = new ArrayList<>();
        SimNode node = sim.node("n1");
        node.fork("worker", () -> {
            node.sleep(Duration.ofSeconds(1));
            seen.add(sim.time().ticks());
        });
        sim.settle();
        node.pause();
        sim.advance(Duration.ofSeconds(30));
        assertEquals(List.of(), seen);
        node.resume();
        sim.settle();
        assertEquals(List.of(Duration.ofSeconds(30).toNanos()), seen);
    }

    @Test
    void lateTimersComeLateButNeverEarly() {
        sim.lateTimers(Duration.ofSeconds(1));
        sim.run(() -> sim.sleep(Duration.ofSeconds(5)));
        assertTrue(sim.time().ticks() >= 5_000_000_000L);
        assertTrue(sim.time().ticks() < 6_000_000_000L);
    }

    @Test
    void assertionsInAnyTaskEndTheRun() {
        sim.fork("checker", () -> {
            throw new AssertionError("an invariant broke");
        });
        assertThrows(AssertionError.class, () -> sim.advance(Duration.ofSeconds(1)));
    }

    @Test
    void looksAfterEachStep() {
        List<Long> steps = new ArrayList<>();
        sim.afterEachStep(() -> steps.add(sim.steps()));
        sim.run(() -> sim.sleep(Duration.ofSeconds(1)));
        assertEquals(List.of(1L, 2L), steps);
    }

    @Test
    void waitsForAConditionOfTheWorld() {
        boolean[] open = {false};
        Mailbox<Boolean> answer = sim.mailbox(2);
        sim.fork("waiter", () -> answer.offer(sim.await("the gate", () -> open[0], Duration.ofSeconds(5))));
        sim.fork("opener", () -> {
            sim.sleep(Duration.ofSeconds(3));
            open[0] = true;
        });
        sim.run(() -> assertEquals(Optional.of(true), answer.poll(Duration.ofSeconds(10))));
    }

    @Test
    void movesTheWorldWhenTheTestItselfWaits() throws InterruptedException {
        Mailbox<String> box = sim.mailbox(1);
        sim.fork("sender", () -> {
            sim.sleep(Duration.ofSeconds(2));
            box.offer("hello");
        });
        assertEquals("hello", box.take());
        sim.sleep(Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(3).toNanos(), sim.time().ticks());
    }

    @Test
    void switchesFastEnoughForLongSimulations() {
        for (int i = 0; i < 100; i++) {
            sim.fork("t" + i, () -> {
                for (int round = 0; round < 2_000; round++) {
                    sim.sleep(Duration.ofMillis(1));
                }
            });
        }
        sim.advance(Duration.ofSeconds(3));
        assertTrue(sim.steps() >= 200_000);
    }
}
