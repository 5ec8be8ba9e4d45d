package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PlainJarIT {
    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void plainJavaDashJarEnrolsAndSpools() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.node("plain1", Map.of());
            Path file = node.config();
            Files.writeString(
                    file,
                    Files.readString(file)
                            + "vendor.issuer_key = " + stage.saas().publicKey("organisation")
                            + "\nvendor.signing_key = " + stage.saas().publicKey("machine_signer") + "\n");
            node.start(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-jar",
                    stage.shop().distribution().resolve("machine-room.jar").toString(),
                    "run",
                    "--config",
                    file.toString()));
            Workshop.await("provisioned", Stage.SOON, () -> node.mode().equals("provisioned"));
            Workshop.await(
                    "its startup event is stored",
                    Stage.SOON,
                    () -> Files.readString(stage.saas().everything()).contains("io.choria.lifecycle.v1.startup"));
            assertTrue(node.stop());
            assertEquals(0, node.exitCode());
        }
    }

    @Test
    @Timeout(300)
    void theLauncherPrintsNoWarning() throws Exception {
        try (Stage stage = Stage.open(directory)) {
            Node node = stage.enrolled("quiet1", Map.of("log.file", "agent.log"));
            assertTrue(node.stop());
            assertEquals("", Files.readString(node.log()), "console of bin/machine-room");
            assertTrue(Files.size(node.home().resolve("agent.log")) > 0);
        }
    }

    @Test
    void wrongUseIsOneLineAndAnExitCode() throws Exception {
        Workshop shop = Stage.workshop(directory);
        assertEquals(64, exit(shop, "run"));
        assertEquals(64, exit(shop, "dance"));
        assertEquals(78, exit(shop, "run", "--config", write("bad.cfg", "spool.max_bytes=oops\n")));
        assertEquals(66, exit(shop, "run", "--config", write("empty.cfg", "")));
        assertEquals(0, exit(shop, "--help"));
        assertEquals(0, exit(shop, "--version"));
        assertEquals(0, exit(shop, "buildinfo"));
        assertEquals(69, exit(shop, "status", "--config", write("none.cfg", "")));
        assertFalse(Files.readString(directory.resolve("exit.log")).contains("\tat "));
    }

    private String write(String name, String content) throws Exception {
        Path folder = Files.createDirectories(directory.resolve(name + ".d"));
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private int exit(Workshop shop, String... args) throws Exception {
        Map<String, String> environment = new java.util.HashMap<>(shop.environment());
        environment.put(
                "MACHINE_ROOM_JAR",
                shop.distribution().resolve("machine-room.jar").toString());
        Program program = Program.start("agent", directory.resolve("exit.log"), environment, shop.agent(args));
        Workshop.await("it ends", Stage.SOON, () -> !program.alive());
        return program.exitCode();
    }
}
