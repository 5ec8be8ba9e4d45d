package io.machineroom.ports.host;

/**
 * What a command is confined to: another user, and limits that its processes cannot raise. A runner that cannot confine a
 * command refuses it; it is never run without.
 *
 * @param user name of a user of the host; empty for the user of this process
 * @param group name of a group; empty for the group of that user in the user database
 * @param memoryBytes address space of each process; 0 for no limit, as below
 * @param cpuSeconds processor time of each process, which is ended by SIGXCPU (exit code 152) when it is used up
 * @param processes processes and threads of that user on the whole host; root is not bound by it
 * @param openFiles open files of each process
 */
public record Confinement(
        String user, String group, long memoryBytes, long cpuSeconds, long processes, long openFiles) {
    /** As this process runs. */
    public static final Confinement NONE = new Confinement("", "", 0, 0, 0, 0);

    public Confinement {
        if (memoryBytes < 0 || cpuSeconds < 0 || processes < 0 || openFiles < 0) {
            throw new IllegalArgumentException("a limit is not negative");
        }
        if (user.isEmpty() && !group.isEmpty()) {
            throw new IllegalArgumentException("a group needs a user");
        }
    }

    /** Whether the command runs as somebody who is named. */
    public boolean otherUser() {
        return !user.isEmpty();
    }

    /** Whether there is any limit. */
    public boolean limited() {
        return memoryBytes > 0 || cpuSeconds > 0 || processes > 0 || openFiles > 0;
    }
}
