package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuietTest {
    @TempDir
    private Path directory;

    @Test
    void saysNothingAndLeavesNothingInTheHomeDirectory() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Process child =
                ChildJvm.start(home, QuietMain.class, directory.resolve("spool").toString());
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", said);
        assertEquals(0, child.waitFor());
        try (var files = Files.list(home)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void refusesWithoutAStackWhenItIsOpenedWhileTheProcessEnds() throws Exception {
        Process child = ChildJvm.start(
                directory, TooLateMain.class, directory.resolve("spool").toString());
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(said.contains("opened while the process ends"), said);
        assertTrue(said.endsWith("refused spool.closed"), said);
        assertFalse(said.contains("\tat "), said);
        assertEquals(0, child.waitFor());
    }

    @Test
    void takesItsFirstMessageWhileTheProcessEnds() throws Exception {
        Process child = ChildJvm.start(
                directory, StoppingMain.class, directory.resolve("spool").toString());
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("appended", said);
        assertEquals(0, child.waitFor());
    }
}
