package io.machineroom.domain.watcher;

import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.watcher.Properties;
import java.util.ArrayList;
import java.util.List;

/**
 * Another user and resource limits for a command, an addition of this build: as properties, and as words that tell why a
 * confined command failed.
 */
final class Confining {
    private static final long MOST = 1L << 40;
    /** 128 and the number of SIGXCPU. */
    private static final int OUT_OF_TIME = 152;
    /** What a shell and {@code setpriv} answer for a program that is there and may not be started. */
    private static final int NOT_ALLOWED = 126;

    private Confining() {}

    static Confinement read(Properties properties) {
        String user = properties.text("user").orElse("");
        if (!user.isEmpty() && !user.matches("[a-z_][a-z0-9_.-]*(:[a-z_][a-z0-9_.-]*)?")) {
            properties.problem("user", "user must be a name, or a name and a group with a colon between");
            user = "";
        }
        int colon = user.indexOf(':');
        return new Confinement(
                colon < 0 ? user : user.substring(0, colon),
                colon < 0 ? "" : user.substring(colon + 1),
                properties.whole("limit_memory_mib", 0, 0, MOST >> 20) << 20,
                properties.whole("limit_cpu_seconds", 0, 0, MOST),
                properties.whole("limit_processes", 0, 0, MOST),
                properties.whole("limit_open_files", 0, 0, MOST));
    }

    /** Code and sentence for a command that ended with another exit code than 0. */
    static String failure(Confinement to, int exitCode) {
        if (exitCode == OUT_OF_TIME && to.cpuSeconds() > 0) {
            return "exec.limit: ended after limit_cpu_seconds (" + to.cpuSeconds() + ") of processor time";
        }
        String plain = "exec.exit: exit code " + exitCode;
        if (exitCode == NOT_ALLOWED && to.otherUser()) {
            return plain + ", user " + to.user() + " may not start the program or enter its folder";
        }
        return to.limited() ? plain + " under " + String.join(", ", limits(to)) : plain;
    }

    private static List<String> limits(Confinement to) {
        List<String> limits = new ArrayList<>();
        add(limits, "limit_memory_mib ", to.memoryBytes() >> 20);
        add(limits, "limit_cpu_seconds ", to.cpuSeconds());
        add(limits, "limit_processes ", to.processes());
        add(limits, "limit_open_files ", to.openFiles());
        return limits;
    }

    private static void add(List<String> into, String name, long value) {
        if (value > 0) {
            into.add(name + value);
        }
    }
}
