package io.machineroom.app.wiring;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether what this process writes into a folder can be read by whoever the folder belongs to. */
final class FolderOwner {
    private static final System.Logger LOG = System.getLogger(FolderOwner.class.getName());
    private static final int ROOT = 0;

    private FolderOwner() {}

    /**
     * Refuses to write for somebody else: files have mode 0600, and an agent without the rights of root could neither read
     * nor remove them.
     *
     * @throws PortException.Refused {@code submission.owner}
     */
    static void check(Path folder) {
        try {
            Path there = folder.toAbsolutePath();
            while (there.getParent() != null && !Files.exists(there)) {
                there = there.getParent();
            }
            int owner = uid(there);
            if (isForeign(owner, uid(Path.of("/proc/self")))) {
                String user = Files.getOwner(there).getName();
                throw new PortException.Refused(
                        "submission.owner",
                        there + " belongs to " + user + ", who could not read this message: run as that user (sudo -u "
                                + user + "), or start the agent first");
            }
        } catch (UnsupportedOperationException | IllegalArgumentException system) {
            // a system without numbers for users has no such modes either
            LOG.log(System.Logger.Level.DEBUG, "the owner of {0} is not looked at: {1}", folder, system.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Root reads what anybody wrote; every other owner only his own. */
    static boolean isForeign(int owner, int writer) {
        return owner != ROOT && owner != writer;
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
