package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may leave a message for an agent that does not run. */
final class FolderOwnerTest {
    @TempDir
    private Path directory;

    @Test
    void rootWritesNothingThatAnotherUsersAgentCannotRead() {
        assertTrue(FolderOwner.isForeign(990, 0));
        assertTrue(FolderOwner.isForeign(990, 1000));
        assertFalse(FolderOwner.isForeign(990, 990));
        assertFalse(FolderOwner.isForeign(0, 1000), "an agent of root reads everything");
    }

    @Test
    void ownFoldersAreTakenAlsoBeforeTheyExist() {
        assertDoesNotThrow(() -> FolderOwner.check(directory));
        assertDoesNotThrow(() -> FolderOwner.check(directory.resolve("a/b/c")));
    }

    /** Only root can give a folder away; for others the folders of the system are somebody else's, and root reads them. */
    @Test
    void theRemedyIsNamed() throws IOException {
        Path theirs = directory.resolve("theirs");
        Files.createDirectory(theirs);
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid"));
        if (root) {
            Files.setAttribute(theirs, "unix:uid", 65_534);
            PortException.Refused why =
                    assertThrows(PortException.Refused.class, () -> FolderOwner.check(theirs.resolve("submission")));
            assertEquals("submission.owner", why.code());
            assertTrue(String.valueOf(why.getMessage()).contains("sudo -u "), why::getMessage);
        } else {
            assertDoesNotThrow(() -> FolderOwner.check(Path.of("/")));
        }
    }
}
