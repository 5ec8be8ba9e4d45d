package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An integrator's spool in a packaged agent: one jar in {@code lib/} and one setting. */
class SpoolProviderIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(180)
    void aJarInLibAndOneSettingGiveAnotherSpoolThatLosesNothing() throws Exception {
        Path agent = agentWithTheSpool();
        try (Stage stage = Stage.withAgent(Files.createDirectory(directory.resolve("stage")), agent)) {
            Node node = stage.enrolled("segment1", Map.of("spool.provider", "segment"));
            Scenes.deployTicker(stage, node, 40);
            for (int kills = 1; kills <= 3; kills++) {
                int wanted = node.lines(".accepted").size() + 100;
                Workshop.await(
                        "events flow", Stage.SOON, () -> node.lines(".accepted").size() > wanted);
                node.kill();
                node.start();
            }
            Workshop.await("it is linked again", Stage.SOON, () -> node.link().equals("nats"));
            String ledger =
                    node.run("spool", "ledger", "--config", node.config().toString());
            assertTrue(ledger.lines().allMatch(line -> line.contains(" 0 missing")), ledger);
            Books books = stage.settled(node);
            assertTrue(books.accepted() > 300, books::toString);
            assertTrue(books.balanced(), books::toString);
            assertEquals(0, node.exitCode());
            try (var files = Files.list(node.home().resolve("state/spool/normal"))) {
                assertTrue(files.anyMatch(f -> f.toString().endsWith(".segment")), "the spool is another one");
            }
            node.run("spool", "verify", "--config", node.config().toString());
        }
    }

    /** The vendor's agent, copied, with the jar dropped beside its libraries. */
    private Path agentWithTheSpool() throws IOException {
        Path vendor = Stage.examples().resolve("vendor-agent/target");
        Path lib = Files.createDirectories(directory.resolve("agent/lib"));
        try (var files = Files.list(vendor.resolve("lib"))) {
            for (Path file : files.toList()) {
                Files.copy(file, lib.resolve(file.getFileName()));
            }
        }
        Files.copy(
                Stage.examples().resolve("segment-spool/target/segment-spool.jar"), lib.resolve("segment-spool.jar"));
        return Files.copy(vendor.resolve("vendor-agent.jar"), directory.resolve("agent/vendor-agent.jar"));
    }
}
