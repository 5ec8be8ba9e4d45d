package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CrashIT {
    private static final int KILLS_OF_EACH = 20;

    @TempDir
    Path directory;

    @Test
    @Timeout(600)
    void booksBalanceAfterKillingEverybodyTwentyTimes() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        System.out.println("CrashIT plays seed " + seed + "; again with -Dmachineroom.seed=" + seed);
        Random dice = new Random(seed);
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("crash1", Map.of());
            Scenes.deployTicker(stage, node, 40);
            for (int round = 0; round < KILLS_OF_EACH * 3; round++) {
                LockSupport.parkNanos(
                        Duration.ofMillis(100 + dice.nextInt(1_200)).toNanos());
                switch (round % 3) {
                    case 0 -> {
                        node.kill();
                        node.start();
                    }
                    case 1 -> stage.saas().killNats();
                    default -> {
                        stage.saas().kill();
                        stage.saas().start();
                    }
                }
            }
            stage.saas().awaitUp();
            Workshop.await("events flow again", Stage.SOON, () -> {
                int before = node.lines(".accepted").size();
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                return node.lines(".accepted").size() > before;
            });
            Books books = stage.settled(node);
            assertTrue(books.accepted() > 1_000, books::toString);
            assertTrue(books.balanced(), books::toString);
            Scenes.assertLedgerBalances(stage, "crash1", 0);
            assertEquals(0, node.exitCode());
        }
    }
}
