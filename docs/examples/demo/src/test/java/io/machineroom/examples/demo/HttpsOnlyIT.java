package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent without the NATS adapter, and a backplane without a nats-server. */
class HttpsOnlyIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void enrolsDeploysAndSendsEverythingOverHttps() throws Exception {
        try (Stage stage = Stage.withoutNats(directory)) {
            Node node = stage.node("https1", Map.of());
            node.start();
            Workshop.await("provisioned", Stage.SOON, () -> node.mode().equals("provisioned"));
            Workshop.await("linked", Stage.SOON, () -> node.link().equals("https"));
            Path folder = Submitter.write(stage.shop().directory(), node.home());
            stage.saas().release(folder, "1.0.0");
            Workshop.await(
                    "submitter runs",
                    Stage.SOON,
                    () -> node.machine("submitter").equals("1.0.0"));
            Workshop.await(
                    "beats are stored",
                    Stage.SOON,
                    () -> Files.readString(stage.saas().everything())
                                    .lines()
                                    .filter(line -> line.contains("submitter") && line.contains("watcher.exec"))
                                    .count()
                            >= 5);
            Books books = stage.settled(node);
            assertTrue(books.all() > 5, books::toString);
            assertTrue(books.balanced(), books::toString);
            Scenes.assertLedgerBalances(stage, "https1", 0);
            assertEquals(0, node.exitCode());
        }
    }

    @Test
    void nothingOfNatsIsPackaged() throws Exception {
        try (var lib = Files.list(Stage.examples().resolve("https-agent/target/lib"))) {
            List<String> names = lib.map(file -> file.getFileName().toString()).toList();
            assertTrue(names.stream().anyMatch(name -> name.startsWith("machine-room-http")), names::toString);
            assertEquals(
                    List.of(),
                    names.stream()
                            .filter(name -> name.contains("jnats") || name.contains("machine-room-nats"))
                            .toList());
        }
    }
}
