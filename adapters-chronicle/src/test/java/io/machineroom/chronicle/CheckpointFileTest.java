package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointFileTest {
    private static final int SLOT = 512;

    @TempDir
    private Path directory;

    private CheckpointFile open() {
        return new CheckpointFile(Disk.of("spool", directory), directory.resolve("mark"), SLOT);
    }

    @Test
    void holdsNothingAtFirst() {
        try (CheckpointFile file = open()) {
            assertEquals(Optional.empty(), file.read());
        }
    }

    @Test
    void givesBackTheNewestState() {
        try (CheckpointFile file = open()) {
            for (byte i = 1; i <= 5; i++) {
                file.write(new byte[] {i, i});
            }
        }
        try (CheckpointFile file = open()) {
            assertArrayEquals(new byte[] {5, 5}, file.read().orElseThrow());
            file.write(new byte[] {6});
            assertArrayEquals(new byte[] {6}, file.read().orElseThrow());
        }
    }

    @Test
    void fallsBackToTheStateBeforeWhenAWriteIsTornAnywhere() throws IOException {
        try (CheckpointFile file = open()) {
            file.write(new byte[] {1, 1, 1});
            file.write(new byte[] {2, 2, 2});
        }
        Path path = directory.resolve("mark");
        byte[] whole = Files.readAllBytes(path);
        for (int at = 0; at < 23; at++) {
            byte[] torn = whole.clone();
            torn[at] ^= 0x55;
            Files.write(path, torn);
            try (CheckpointFile file = open()) {
                assertArrayEquals(new byte[] {1, 1, 1}, file.read().orElseThrow(), "byte " + at);
            }
        }
    }

    @Test
    void holdsNothingWhenBothSlotsAreDamaged() throws IOException {
        try (CheckpointFile file = open()) {
            file.write(new byte[] {1});
            file.write(new byte[] {2});
        }
        Path path = directory.resolve("mark");
        byte[] bytes = Files.readAllBytes(path);
        bytes[20] ^= 1;
        bytes[SLOT + 20] ^= 1;
        Files.write(path, bytes);
        try (CheckpointFile file = open()) {
            assertEquals(Optional.empty(), file.read());
            file.write(new byte[] {3});
            assertArrayEquals(new byte[] {3}, file.read().orElseThrow());
        }
    }

    @Test
    void refusesAStateThatDoesNotFit() {
        try (CheckpointFile file = open()) {
            assertThrows(IllegalArgumentException.class, () -> file.write(new byte[SLOT]));
        }
    }
}
