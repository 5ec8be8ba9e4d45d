package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each file that the agent reads is replaced by noise: it recovers, or ends with one clear error. */
class GarbageIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(480)
    void noiseInAnyInputFileIsAClearErrorOrARecovery() throws Exception {
        Random dice = new Random(7);
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("garbage1", Map.of());
            Scenes.deployTicker(stage, node, 5);
            for (String name : List.of(
                    "agent.cfg",
                    "provisioning.jwt",
                    "enrolment.json",
                    "server.jwt",
                    "nats.creds",
                    "server.seed",
                    "nats.nkey",
                    "instance.json",
                    "state/status.json")) {
                spoil(node, name, dice);
            }
        }
    }

    private static void spoil(Node node, String name, Random dice) throws Exception {
        Path file = node.home().resolve(name);
        assertTrue(Files.exists(file), name);
        if (node.alive()) {
            assertTrue(node.stop(), "stops before " + name + " is spoiled");
        }
        byte[] good = Files.readAllBytes(file);
        byte[] noise = new byte[300];
        dice.nextBytes(noise);
        Files.write(file, noise);
        long logged = Files.size(node.log());
        node.start();
        Workshop.await(name + ": recovers or ends", Stage.SOON, () -> !node.alive() || recovered(node));
        String told = Files.readString(node.log()).substring((int) logged);
        assertFalse(told.contains("\tat "), () -> name + ": a stack was printed:\n" + told);
        if (!node.alive()) {
            assertTrue(node.exitCode() >= 64 && node.exitCode() <= 78, () -> name + ": exit " + node.exitCode());
            assertTrue(told.contains(Path.of(name).getFileName().toString()), () -> name + " is not named:\n" + told);
        }
        Files.write(file, good);
        if (!node.alive()) {
            node.start();
            Workshop.await(name + ": good again", Stage.SOON, () -> node.mode().equals("provisioned"));
        }
    }

    /** Linked again; while the noise still lies where the status will be, not yet. */
    private static boolean recovered(Node node) throws IOException {
        try {
            return node.mode().equals("provisioned") && node.link().equals("nats");
        } catch (StoryFailed | CharacterCodingException e) {
            return false;
        }
    }
}
