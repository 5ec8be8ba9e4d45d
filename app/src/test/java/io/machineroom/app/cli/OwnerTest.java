package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnerTest {
    @TempDir
    private Path directory;

    @Test
    void ourOwnDirectoryIsFineAlsoBeforeItIsThere() {
        Owner.mustBeUs(directory);
        Owner.mustBeUs(directory.resolve("state/submission"));
    }

    /** Of another user's directory an agent could read no file of ours. */
    @Test
    void theDirectoryOfAnotherUserIsRefusedWithTheRemedy() throws IOException {
        Path state = Files.createDirectory(directory.resolve("state"));
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root gives files away");
        Files.setAttribute(state, "unix:uid", 65_534);
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> Owner.mustBeUs(state.resolve("submission")));
        assertEquals("submission.owner", refused.code());
        assertTrue(refused.getMessage().contains("submit as that user"), refused.getMessage());
    }
}
