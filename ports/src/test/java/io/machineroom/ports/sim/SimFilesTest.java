package io.machineroom.ports.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.FileTreeContract;
import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SimFilesTest extends FileTreeContract {
    private final SimTasks tasks = new SimTasks(1);
    private final SimFiles files = SimFiles.fresh(tasks);

    @Override
    protected FileTree files() {
        return files;
    }

    @Override
    protected void link(String name, String target) {
        files.disk().link(files.root().resolve(name), target);
    }

    @Test
    void aPowerCutLeavesTheOldFileOrTheNew() {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 40; seed++) {
            for (int cut = 1; cut <= 5; cut++) {
                seen.add(replaceAndCrash(seed, cut));
            }
        }
        assertEquals(Set.of("new content", "old"), seen);
    }

    private static String replaceAndCrash(int seed, int stepsToCrash) {
        SimTasks world = new SimTasks(seed);
        SimNode node = world.node("n");
        SimDisk disk = new SimDisk(world.time(), seed);
        SimFiles tree = new SimFiles(disk, Path.of("/data"));
        tree.replace("f", "old".getBytes(UTF_8), 0600);
        int[] left = {stepsToCrash};
        disk.beforeEachStep(step -> {
            if (--left[0] == 0) {
                node.crash();
            }
        });
        node.fork("writer", () -> tree.replace("f", "new content".getBytes(UTF_8), 0600));
        world.settle();
        disk.beforeEachStep(step -> {});
        disk.crash();
        return new String(tree.read("f", 100).orElseThrow(), UTF_8);
    }

    @Test
    void unsyncedBytesMayBeTorn() {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 60; seed++) {
            SimDisk disk = new SimDisk(tasks.time(), seed);
            SimFiles tree = new SimFiles(disk, Path.of("/data"));
            try (FileTree.Writer writer = tree.write("f", 0600)) {
                writer.write("abc".getBytes(UTF_8), 0, 3);
            }
            disk.crash();
            seen.add(tree.read("f", 100).map(b -> new String(b, UTF_8)).orElse("none"));
        }
        assertTrue(seen.containsAll(Set.of("none", "ab", "abc")), seen.toString());
    }

    @Test
    void syncedBytesStay() {
        for (int seed = 0; seed < 40; seed++) {
            SimDisk disk = new SimDisk(tasks.time(), seed);
            SimFiles tree = new SimFiles(disk, Path.of("/data"));
            try (FileTree.Writer writer = tree.write("d/f", 0600)) {
                writer.write("abc".getBytes(UTF_8), 0, 3);
            }
            tree.sync("");
            disk.crash();
            assertEquals("abc", new String(tree.read("d/f", 100).orElseThrow(), UTF_8));
        }
    }

    @Test
    void whatWasDeletedStaysAway() {
        for (int seed = 0; seed < 40; seed++) {
            SimDisk disk = new SimDisk(tasks.time(), seed);
            SimFiles tree = new SimFiles(disk, Path.of("/data"));
            tree.replace("d/f", "abc".getBytes(UTF_8), 0600);
            tree.replace("e", "abc".getBytes(UTF_8), 0600);
            tree.delete("d");
            tree.delete("e");
            disk.crash();
            assertEquals(java.util.List.of(), tree.list(""));
        }
    }

    @Test
    void aFullOrBrokenDiskIsUnavailable() {
        files.disk().capacity(10);
        files.replace("f", new byte[5], 0600);
        PortException.Unavailable e =
                assertThrows(PortException.Unavailable.class, () -> files.replace("g", new byte[50], 0600));
        assertEquals("file.disk", e.code());
        files.disk().capacity(1_000).broken(true);
        assertThrows(PortException.Unavailable.class, () -> files.replace("g", new byte[1], 0600));
        files.disk().broken(false);
        files.replace("g", new byte[50], 0600);
    }
}
