package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/soak} does, for a minute and much faster. */
class CrashIT {
    private static final Duration LENGTH = Duration.ofSeconds(55);
    private static final Duration AGE = Duration.ofSeconds(12);

    @TempDir
    Path directory;

    @Test
    @Timeout(600)
    void booksBalanceAfterKillsOfEverybodyAndABrokerThatForgot() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        System.out.println("CrashIT plays seed " + seed + "; again with -Dmachineroom.seed=" + seed);
        SoakPlan plan = new SoakPlan(seed, LENGTH, Duration.ofMillis(100), Duration.ofMillis(900), AGE, 2, 20);
        try (Stage stage = Stage.open(directory)) {
            List<Node> nodes = List.of(stage.enrolled("crash1", Map.of()), stage.enrolled("crash2", Map.of()));
            SoakReport report = new SoakRun(stage.shop(), stage.saas(), nodes, plan, System.out).play();
            System.out.print(report.text());
            assertTrue(report.good(), report::text);
            assertTrue(report.books().accepted() > 1_000, report::text);
            assertEquals(plan.rollBacks().size(), report.rollBacks());
            for (Victim victim : Victim.values()) {
                assertTrue(report.kills().get(victim) >= 5, report::text);
            }
        }
    }
}
