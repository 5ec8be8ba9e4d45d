package io.machineroom.app.cli;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Who owns a directory that two programs share. Stateless. */
final class Owner {
    private static final System.Logger LOG = System.getLogger(Owner.class.getName());

    private Owner() {}

    /**
     * Sees to it that what we write into the directory can be read by whoever owns it, or the first directory above it that is
     * there. Says nothing on systems without numbers for users.
     *
     * @throws PortException.Refused {@code submission.owner}
     */
    static void mustBeUs(Path directory) {
        Path there = directory.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        Optional<Object> theirs = uid(there);
        Optional<Object> ours = uid(Path.of("/proc/self"));
        if (theirs.isPresent() && ours.isPresent() && !theirs.equals(ours)) {
            throw new PortException.Refused(
                    "submission.owner",
                    there + " belongs to the user with number " + theirs.get() + ", whose agent could not read a message of user "
                            + ours.get() + ": submit as that user, or while the agent runs");
        }
    }

    private static Optional<Object> uid(Path of) {
        try {
            return Optional.of(Files.getAttribute(of, "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, "nobody tells who owns " + of, e);
            return Optional.empty();
        }
    }
}
