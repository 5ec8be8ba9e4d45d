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
    @Timeout(1200)
    void booksBalanceAfterKillingEverybodyTwentyTimes() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        System.out.println("CrashIT plays seed " + seed + "; again with -Dmachineroom.seed=" + seed);
        Random dice = new Random(seed);
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("crash1", Map.of());
            Scenes.deployTicker(stage, node, 40);
            for (int round = 0; round < KILLS_OF_EACH; round++) {
                killAgent(node, dice);
                killNats(stage, dice);
                killBackplane(stage, dice);
            }
            stage.saas().awaitUp();
            awaitEvents(node);
            Books books = stage.settled(node);
            System.out.println("CrashIT: " + books);
            assertTrue(books.accepted() > 1_000, books::toString);
            assertTrue(books.balanced(), books::toString);
            Scenes.assertLedgerBalances(stage, "crash1", 0);
            assertEquals(0, node.exitCode());
        }
    }

    /** One time in four while it still starts, otherwise in the middle of its stream. */
    private static void killAgent(Node node, Random dice) throws Exception {
        if (dice.nextInt(4) > 0) {
            awaitEvents(node);
        }
        pause(dice);
        node.kill();
        node.start();
    }

    private static void killNats(Stage stage, Random dice) throws Exception {
        pause(dice);
        Workshop.await(
                "there is a nats-server to kill", Stage.SOON, () -> stage.saas().killNats());
    }

    private static void killBackplane(Stage stage, Random dice) throws Exception {
        if (dice.nextInt(4) > 0) {
            Workshop.await("the backplane is up", Stage.SOON, () -> stage.saas().isUp());
        }
        pause(dice);
        stage.saas().kill();
        stage.saas().start();
    }

    private static void awaitEvents(Node node) throws Exception {
        int before = node.lines(".accepted").size();
        Workshop.await(
                "events are accepted", Stage.SOON, () -> node.lines(".accepted").size() > before);
    }

    private static void pause(Random dice) {
        LockSupport.parkNanos(Duration.ofMillis(dice.nextInt(700)).toNanos());
    }
}
