package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class IdentityIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void restartsIntoTheSameEnrolment() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("again1", Map.of());
            byte[] enrolment = Files.readAllBytes(node.home().resolve("enrolment.json"));
            assertTrue(node.stop());
            assertEquals(0, node.exitCode());
            stage.saas().https().cut();
            node.start();
            Workshop.await(
                    "provisioned without the gateway",
                    Stage.SOON,
                    () -> node.mode().equals("provisioned") && node.link().equals("nats"));
            assertTrue(java.util.Arrays.equals(
                    enrolment, Files.readAllBytes(node.home().resolve("enrolment.json"))));
        }
    }

    @Test
    @Timeout(300)
    void aResetNodeGetsItsNameBackOnlyWhenItIsReleased() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("reset1", Map.of());
            assertTrue(node.stop());
            Program.run(
                    node.log(),
                    node.environment(),
                    stage.shop().agent("reset", "--config", node.config().toString(), "--force"));
            assertFalse(Files.exists(node.home().resolve("enrolment.json")));
            assertFalse(Files.exists(node.home().resolve("server.seed")));
            assertTrue(Files.exists(node.token()));
            node.start();
            Workshop.await(
                    "the refusal is shown",
                    Stage.SOON,
                    () -> Scenes.rejection(node).contains("enrol.identity-taken"));
            assertEquals("provisioning", node.mode());
            stage.shop()
                    .run(stage.shop()
                            .backplane(
                                    "nodes",
                                    "release",
                                    "--state",
                                    stage.saas().state().toString(),
                                    "one",
                                    "reset1"));
            Workshop.await("enrolled anew", Stage.SOON, () -> node.mode().equals("provisioned"));
        }
    }

    @Test
    @Timeout(360)
    void aRestoredSnapshotLosesNothingThatWasAcceptedAfterIt() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("snap1", Map.of());
            Scenes.deployTicker(stage, node, 20);
            stage.saas().nats().cut();
            stage.saas().https().cut();
            Workshop.await("events wait", Stage.SOON, () -> node.waiting() > 200);
            node.kill();
            Path copy = directory.resolve("snapshot");
            copy(node.home(), copy);
            node.start();
            stage.saas().https().mend();
            stage.saas().nats().mend();
            Workshop.await("linked", Stage.SOON, () -> node.link().equals("nats"));
            // what waits when the folder is taken away is lost with it, and no fault of whoever restores
            node.silence();
            stage.awaitDelivered(node);
            node.kill();
            node.speak();
            List<String> accepted = node.lines(".accepted");
            List<String> planned = node.lines(".planned");
            delete(node.home().resolve("state"));
            copy(copy.resolve("state"), node.home().resolve("state"));
            node.start();
            Workshop.await(
                    "it goes on", Stage.SOON, () -> node.lines(".accepted").size() > accepted.size() + 100);
            Books books = stage.settled(node);
            assertTrue(books.balanced(), books::toString);
            assertTrue(books.planned() > planned.size());
        }
    }

    @Test
    @Timeout(360)
    void aCloneIsToldAndNothingOfEitherIsLost() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("clone1", Map.of());
            Scenes.deployTicker(stage, node, 10);
            assertTrue(node.stop());
            Path other = directory.resolve("clone1-copy");
            copy(node.home(), other);
            Program twin = Program.start(
                    "the clone",
                    directory.resolve("clone.log"),
                    node.environment(),
                    stage.shop()
                            .agent("run", "--config", other.resolve("agent.cfg").toString()));
            try {
                node.start();
                Workshop.await(
                        "both made events", Stage.SOON, () -> told(stage, "node.forked") || told(stage, "node_forked"));
            } finally {
                twin.stop(Stage.SOON);
            }
            Books books = stage.settled(node);
            assertEquals(0, books.lost(), books::toString);
            assertEquals(0, books.repeated(), books::toString);
        }
    }

    private static boolean told(Stage stage, String what) throws IOException, InterruptedException {
        return Files.readString(stage.saas().everything()).contains(what);
    }

    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
