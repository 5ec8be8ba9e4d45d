package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.WatcherContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Another user and resource limits for a command, an addition of this build. They are set by the programs {@code setpriv}
 * and {@code prlimit} of util-linux, through which the command is started; where one is missing the command is refused,
 * never run without.
 *
 * @param user name, or {@code name:group}; the group is of the same name when not given; empty for the agent's user
 * @param memoryMib address space in MiB; 0 for no limit, as below
 * @param cpuSeconds processor time
 * @param processes processes of the user
 * @param openFiles open files of a process
 */
record Confinement(String user, long memoryMib, long cpuSeconds, long processes, long openFiles) {
    private static final long MOST = 1L << 40;

    static Confinement read(Properties properties) {
        String user = properties.text("user").orElse("");
        if (!user.isEmpty() && !user.matches("[a-z_][a-z0-9_.-]*(:[a-z_][a-z0-9_.-]*)?")) {
            properties.problem("user", "user must be a name, or a name and a group with a colon between");
        }
        return new Confinement(
                user,
                properties.whole("limit_memory_mib", 0, 0, MOST >> 20),
                properties.whole("limit_cpu_seconds", 0, 0, MOST),
                properties.whole("limit_processes", 0, 0, MOST),
                properties.whole("limit_open_files", 0, 0, MOST));
    }

    /** Whether the command runs as somebody else, who cannot read files of the agent. */
    boolean otherUser() {
        return !user.isEmpty();
    }

    /**
     * The words with what confines them in front.
     *
     * @throws PortException.Refused {@code exec.confinement} when a program for it is missing
     */
    List<String> around(List<String> words, WatcherContext context) {
        List<String> limits = limits();
        List<String> all = new ArrayList<>();
        if (!limits.isEmpty()) {
            need("prlimit", "limits", context);
            all.add("prlimit");
            all.addAll(limits);
            all.add("--");
        }
        if (otherUser()) {
            need("setpriv", "user", context);
            int colon = user.indexOf(':');
            String name = colon < 0 ? user : user.substring(0, colon);
            String group = colon < 0 ? user : user.substring(colon + 1);
            all.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--init-groups", "--"));
        }
        all.addAll(words);
        return all;
    }

    private List<String> limits() {
        List<String> limits = new ArrayList<>();
        add(limits, "--as=", memoryMib << 20);
        add(limits, "--cpu=", cpuSeconds);
        add(limits, "--nproc=", processes);
        add(limits, "--nofile=", openFiles);
        return limits;
    }

    private static void add(List<String> into, String option, long value) {
        if (value > 0) {
            into.add(option + value);
        }
    }

    private static void need(String program, String property, WatcherContext context) {
        boolean there = context.port(HostFiles.class)
                .map(files -> files.onPath(program))
                .orElse(false);
        if (!there) {
            throw new PortException.Refused(
                    "exec.confinement",
                    "'" + property + "' needs the program " + program + " of util-linux in the agent's PATH");
        }
    }
}
