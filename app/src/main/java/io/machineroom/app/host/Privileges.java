package io.machineroom.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Who a process is and may become, as the kernel tells it. Being root is not enough, nor needed: what counts are the
 * capabilities to set the user and the groups, which a container may take away.
 *
 * @param user number of its effective user; empty when unknown
 * @param group number of its effective group
 * @param capabilities effective ones, a bit each
 */
record Privileges(String user, String group, long capabilities) {
    private static final long SETGID = 1L << 6;
    private static final long SETUID = 1L << 7;

    /** Reads {@code /proc/<pid>/status}; where there is none, no privilege is known. */
    static Privileges of(Path status) {
        String user = "";
        String group = "";
        long capabilities = 0;
        try {
            for (String line : Files.readAllLines(status)) {
                List<String> words = List.of(line.split("\\s+"));
                switch (words.getFirst()) {
                    case "Uid:" -> user = words.get(2);
                    case "Gid:" -> group = words.get(2);
                    case "CapEff:" -> capabilities = Long.parseUnsignedLong(words.get(1), 16);
                    default -> {}
                }
            }
        } catch (IOException noSuchSystem) {
            return new Privileges("", "", 0);
        }
        return new Privileges(user, group, capabilities);
    }

    boolean mayBecomeAnyone() {
        return (capabilities & SETUID) != 0 && (capabilities & SETGID) != 0;
    }

    /** Everyone may stay who he is. */
    boolean mayBecome(String toUser, String toGroup) {
        return mayBecomeAnyone() || user.equals(toUser) && group.equals(toGroup);
    }
}
