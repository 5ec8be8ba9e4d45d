package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole product under faults: a fixed set of worlds, the same in every build. */
final class SimulationTest {
    private static final long FIRST = 1;
    private static final long LAST = 20;
    private static final Logger ROOT = Logger.getLogger("");
    private static final Level BEFORE = ROOT.getLevel();

    @BeforeAll
    static void quiet() {
        ROOT.setLevel(Level.OFF);
    }

    @AfterAll
    static void asBefore() {
        ROOT.setLevel(BEFORE);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyInvariantHoldsAndEveryFaultHappensAndIsRecoveredFrom() throws InterruptedException {
        Tally tally = new Tally();
        AtomicLong next = new AtomicLong(FIRST);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                for (long seed = next.getAndIncrement(); seed <= LAST; seed = next.getAndIncrement()) {
                    tally.add(new Scenario(seed, Scenario.Plan.standard()).run());
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertTrue(tally.failures().isEmpty(), tally::text);
        assertEquals(List.of(), tally.never(false), tally::text);
        for (String recovery : List.of("plugin_deployed", "plugin_rejected", "node_forked", "hung")) {
            assertTrue(tally.seen(recovery) > 0, () -> recovery + " never happened: " + tally.text());
        }
    }

    @Test
    void theSameSeedMakesTheSameHistoryInAnotherProcess() throws Exception {
        long seed = 11;
        Scenario.Result here = new Scenario(seed, Scenario.Plan.standard()).run();
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Simulate.class.getName(),
                        "--seed",
                        Long.toString(seed))
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(other.waitFor(60, TimeUnit.SECONDS), "it ends");
        assertTrue(said.contains(" " + here.history() + " "), () -> here.line() + "\n" + said);
    }

    @Test
    void anotherSeedMakesAnotherHistory() {
        Scenario.Plan small = new Scenario.Plan(1, 0.2, 60, 0);
        String one = new Scenario(1, small).run().history();
        assertEquals(one, new Scenario(1, small).run().history());
        assertTrue(!one.equals(new Scenario(2, small).run().history()));
    }

    @Test
    void aFailurePrintsTheCommandThatReplaysIt() {
        Scenario scenario = new Scenario(5, new Scenario.Plan(1, 0.2, 60, 0));
        scenario.world()
                .later(
                        Duration.ofMinutes(1),
                        "plant",
                        () -> scenario.world().alarm().raise(Invariant.NOTHING_LOST, "planted"));
        String line = scenario.run().line();
        assertTrue(line.contains("NOTHING_LOST") && line.contains("bin/simulate --seed 5"), line);
    }
}
