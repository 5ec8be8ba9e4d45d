package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weaknesses of the original's keys and sums files, by their numbers in spec 10.3: none is here. */
final class SumsWeaknessTest {
    private static final String SUM = "0a".repeat(32);

    private static ChecksumManifest parse(String text) {
        return ChecksumManifest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void w48AKeyMayEndInANewLine() {
        assertEquals(VerifyKey.hex(SUM), VerifyKey.hex(SUM + "\r\n"));
    }

    @Test
    void w53OneCharacterAndCapitalsAreFine() {
        String capitals = SUM.toUpperCase(Locale.ROOT);
        assertEquals(
                Map.of("a", SUM, "b/c", SUM),
                parse(capitals + "  a\n" + SUM + " *b/c\r\n").sums());
    }

    @Test
    void w53WhatLeavesTheDirectoryIsRefused() {
        for (String path : List.of("../x", "a/../../x", "/etc/passwd", "a//b", "..")) {
            PortException.Refused refused =
                    assertThrows(PortException.Refused.class, () -> parse(SUM + "  " + path + "\n"));
            assertEquals("archive.sums", refused.code());
            assertTrue(String.valueOf(refused.getMessage()).contains("line 1"), path);
        }
    }
}
