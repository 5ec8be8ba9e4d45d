package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Confines commands through the programs {@code prlimit} and {@code setpriv} of util-linux, which replace themselves by the
 * command: its process is the one that was started, so it is waited for and killed like any other. Users are looked up with
 * {@code getent}, which knows those of a directory service as well.
 */
final class Confiner {
    private static final long LOOKUP_SECONDS = 10;
    private static final int LOOKUP_BYTES = 64 * 1024;
    /** After SIGXCPU a command that ignores it has this long before SIGKILL. */
    private static final long GRACE_SECONDS = 2;

    private final SearchPath searchPath;
    private final Path status;

    /**
     * A confiner.
     *
     * @param status what the kernel tells of this process
     */
    Confiner(SearchPath searchPath, Path status) {
        this.searchPath = searchPath;
        this.status = status;
    }

    /** What is really started. */
    record Confined(List<String> argv, Map<String, String> environment) {}

    /** A user of the host. */
    private record User(String name, String id, String group, String home) {}

    /**
     * The command with what confines it in front.
     *
     * @param argv the command's words, its program found
     */
    Confined confine(List<String> argv, ProcessRunner.Command command) {
        Confinement to = command.confinement();
        List<String> all = new ArrayList<>();
        Map<String, String> environment = new LinkedHashMap<>(command.environment());
        if (to.limited()) {
            all.add(need("prlimit", "limits of a command"));
            all.addAll(limits(to));
            all.add("--");
        }
        if (to.otherUser()) {
            User user = user(to);
            if (!Privileges.of(status).mayBecome(user.id(), user.group())) {
                throw refused("only root may run a command as user " + user.name()
                        + ": run the agent as root, or name no user");
            }
            environment.putIfAbsent("HOME", user.home());
            environment.putIfAbsent("USER", user.name());
            environment.putIfAbsent("LOGNAME", user.name());
            if (Privileges.of(status).mayBecomeAnyone()) {
                all.add(need("setpriv", "another user for a command"));
                all.addAll(List.of("--reuid=" + user.id(), "--regid=" + user.group(), "--init-groups", "--"));
            }
        }
        all.addAll(argv);
        return new Confined(all, environment);
    }

    private static List<String> limits(Confinement to) {
        List<String> limits = new ArrayList<>();
        add(limits, "--as=", to.memoryBytes(), to.memoryBytes());
        add(limits, "--cpu=", to.cpuSeconds(), to.cpuSeconds() + GRACE_SECONDS);
        add(limits, "--nproc=", to.processes(), to.processes());
        add(limits, "--nofile=", to.openFiles(), to.openFiles());
        return limits;
    }

    private static void add(List<String> into, String option, long soft, long hard) {
        if (soft > 0) {
            into.add(option + soft + ":" + hard);
        }
    }

    private User user(Confinement to) {
        String[] row = row("passwd", to.user(), 7);
        String group = to.group().isEmpty() ? row[3] : row("group", to.group(), 3)[2];
        return new User(to.user(), row[2], group, row[5]);
    }

    private String[] row(String database, String name, int columns) {
        String text = ask(List.of(need("getent", "another user for a command"), database, name));
        String[] row = text.lines().findFirst().orElse("").split(":", -1);
        if (row.length < columns || !row[0].equals(name)) {
            String kind = "group".equals(database) ? "group " : "user ";
            throw refused("this host knows no " + kind + name + ": add it, or name another");
        }
        return row;
    }

    private static String ask(List<String> argv) {
        Process process = null;
        try {
            process = new ProcessBuilder(argv)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            OutputReader output = OutputReader.head(process.getInputStream(), LOOKUP_BYTES);
            if (!process.waitFor(LOOKUP_SECONDS, TimeUnit.SECONDS)) {
                throw refused("looking a user up took longer than " + LOOKUP_SECONDS + " s: see why getent waits");
            }
            output.await();
            return new String(output.bytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new PortException.Refused("exec.confinement", "cannot start " + argv.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever waits for the command notices it there
            throw new PortException.Refused("exec.confinement", "stopped while a user was looked up", e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private String need(String program, String why) {
        return searchPath
                .find(program)
                .orElseThrow(() -> refused(why + " needs the program " + program
                        + ", which is not in the agent's PATH (" + searchPath.text()
                        + "): install " + ("getent".equals(program) ? "it" : "util-linux")
                        + ", or leave that property out"))
                .toString();
    }

    private static PortException.Refused refused(String why) {
        return new PortException.Refused("exec.confinement", why);
    }
}
