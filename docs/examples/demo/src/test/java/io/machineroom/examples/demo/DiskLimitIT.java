package io.machineroom.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The spool's disk is small, and others fill it to the last byte. */
class DiskLimitIT {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    @Test
    @Timeout(360)
    void aFullDiskCostsNewEventsAndNothingElse() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", disk.toString()),
                "a tmpfs of 8 MiB cannot be mounted here: that needs root");
        try (Stage stage = Stage.open(Files.createDirectory(directory.resolve("stage")))) {
            Node node = stage.enrolled(
                    "disk1", Map.of("spool.directory", disk.resolve("spool").toString(), "spool.reserve", "0"));
            Scenes.deployTicker(stage, node, 40);
            Workshop.await(
                    "events flow", Stage.SOON, () -> node.lines(".accepted").size() > 100);
            Path others = disk.resolve("others");
            fill(others);
            heals(node);
            int whenFull = node.lines(".accepted").size();
            Files.delete(others);
            Workshop.await(
                    "events flow again",
                    Stage.SOON,
                    () -> node.lines(".accepted").size() > whenFull + 200);
            Books books = stage.settled(node);
            assertEquals(0, books.lost(), books::toString);
            assertEquals(0, books.repeated(), books::toString);
            assertEquals(0, books.disordered(), books::toString);
            Scenes.assertLedgerBalances(stage, "disk1", Long.MAX_VALUE);
            assertEquals(0, node.exitCode());
        } finally {
            assertTrue(run("umount", disk.toString()), "the tmpfs is unmounted");
        }
    }

    /** The agent lives and its machine works, here while the disk is full. */
    private static void heals(Node node) throws Exception {
        long before = node.servicePid();
        ProcessHandle.of(before).ifPresent(ProcessHandle::destroyForcibly);
        Workshop.await("the service is healed", Stage.SOON, () -> node.servicePid() != before && node.serviceAnswers());
        Workshop.await("events are refused", Stage.SOON, () -> refused(node));
        node.mustLive();
    }

    private static boolean refused(Node node) throws IOException {
        return node.status()
                .obj("ledger")
                .flatMap(ledger -> ledger.text("last_code"))
                .orElse("")
                .startsWith("spool.");
    }

    /** Writes until the disk takes not one byte more. */
    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] block = new byte[MIB];
            for (int size = MIB; size >= 1; size /= 2) {
                boolean room = true;
                while (room) {
                    room = writes(out, block, size);
                }
            }
        }
    }

    private static boolean writes(OutputStream out, byte[] block, int size) {
        try {
            out.write(block, 0, size);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
