package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while a node enrols: it ends in time with exit code 0, and goes on later with the keys it has. */
class StopIT {
    private static final List<String> KEYS = List.of("server.seed", "nats.nkey");
    private static final Map<String, String> SHORT_STOP = Map.of("stop.deadline", "5s");

    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void whileTheBackplaneCannotBeReached() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.node("waiting1", SHORT_STOP);
            stage.saas().https().cut();
            node.start();
            Workshop.await(
                    "it is refused", Stage.SOON, () -> Scenes.rejection(node).contains("link.unreachable"));
            Map<String, byte[]> keys = keys(node);
            assertEquals(KEYS.size(), keys.size(), "it has its keys by now");
            stops(node);
            assertFalse(Files.exists(node.home().resolve("enrolment.json")));
            stage.saas().https().mend();
            enrolsWith(node, keys);
        }
    }

    /** The network swallows everything after so many bytes: in the handshake, in the challenge, in the answer. */
    @Test
    @Timeout(600)
    void inTheMiddleOfTheExchange() throws Exception {
        try (Stage stage = Stage.open(directory);
                Swallower network = new Swallower(stage.saas().port())) {
            Node node = stage.node("middle1", SHORT_STOP);
            stage.saas().https().redirect(network.port());
            Map<String, byte[]> keys = Map.of();
            int stalls = 0;
            boolean enrolled = false;
            for (int passes = 0; !enrolled && passes < 40_000; passes += 700) {
                network.passOnly(passes);
                node.start();
                Workshop.await(
                        "the exchange stalls or is done",
                        Stage.SOON,
                        () -> network.swallows() || node.mode().equals("provisioned"));
                enrolled = !network.swallows();
                stalls += enrolled ? 0 : 1;
                stops(node);
                isUnchanged(keys, node);
                keys = keys(node);
            }
            assertTrue(enrolled && stalls >= 4, stalls + " stalls, enrolled " + enrolled);
            stage.saas().https().redirect(stage.saas().port());
            enrolsWith(node, keys);
        }
    }

    @Test
    @Timeout(600)
    void whileItWrites() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            int number = 0;
            for (String file : List.of(
                    "server.seed",
                    "nats.nkey",
                    "instance.json",
                    "state/status.json",
                    "enrolment.json",
                    "server.jwt",
                    "nats.creds",
                    "state/spool")) {
                Node node = stage.node("writing" + ++number, SHORT_STOP);
                node.start();
                appears(node.home().resolve(file));
                stops(node);
                enrolsWith(node, keys(node));
                stops(node);
            }
        }
    }

    private static void appears(Path file) {
        long end = System.nanoTime() + Stage.SOON.toNanos();
        while (!Files.exists(file)) {
            assertTrue(System.nanoTime() - end < 0, file + " does not appear");
            LockSupport.parkNanos(Duration.ofNanos(100_000).toNanos());
        }
    }

    private static void stops(Node node) throws Exception {
        long logged = Files.size(node.log());
        assertTrue(node.stop(), "it ends by itself");
        String told = Files.readString(node.log()).substring((int) logged);
        assertEquals(0, node.exitCode(), () -> "exit code of a stop that was asked for\n" + told);
        assertFalse(told.contains("\tat "), () -> "a stack was printed:\n" + told);
    }

    private static void enrolsWith(Node node, Map<String, byte[]> keys) throws Exception {
        node.start();
        Workshop.await("provisioned", Stage.SOON, () -> node.mode().equals("provisioned"));
        isUnchanged(keys, node);
        assertEquals(KEYS.size(), keys(node).size());
    }

    private static void isUnchanged(Map<String, byte[]> keys, Node node) throws IOException {
        for (Map.Entry<String, byte[]> key : keys.entrySet()) {
            assertArrayEquals(
                    key.getValue(), Files.readAllBytes(node.home().resolve(key.getKey())), key.getKey() + " changed");
        }
    }

    private static Map<String, byte[]> keys(Node node) throws IOException {
        Map<String, byte[]> out = new LinkedHashMap<>();
        for (String name : KEYS) {
            Path file = node.home().resolve(name);
            if (Files.exists(file)) {
                out.put(name, Files.readAllBytes(file));
            }
        }
        return out;
    }
}
