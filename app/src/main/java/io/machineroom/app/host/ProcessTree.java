package io.machineroom.app.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A process with all that it started, for killing. What descends from it is found by its parents. What detached itself (a second
 * fork, a session of its own) has lost its parent; it is found by a variable that every process inherits from the
 * first one, whose value is another for each run. Only who drops that variable is not found.
 */
final class ProcessTree {
    /** Name of the variable, set beside those that a command was given. */
    static final String MARK = "MACHINE_ROOM_RUN";

    private static final int ROUNDS = 10;
    /** More than Linux gives to the environment of a process with ordinary limits. */
    private static final int MOST_ENVIRONMENT = 4 * 1024 * 1024;

    private final Process root;
    private final Path processes;
    private final byte[] mark;

    /**
     * A tree.
     *
     * @param processes what the kernel tells of processes, {@code /proc}; where there is none parents alone count
     * @param mark value of its variable
     */
    ProcessTree(Process root, Path processes, String mark) {
        this.root = root;
        this.processes = processes;
        this.mark = (MARK + "=" + mark).getBytes(StandardCharsets.UTF_8);
    }

    /** A value for {@link #MARK} that no other run has. */
    static String newMark() {
        return UUID.randomUUID().toString();
    }

    /** What descends from it and what detached itself, without itself; reads the environment of each process of the host. */
    List<ProcessHandle> family() {
        Map<Long, ProcessHandle> found = new LinkedHashMap<>();
        root.descendants().forEach(one -> found.put(one.pid(), one));
        marked().forEach(one -> {
            found.putIfAbsent(one.pid(), one);
            one.descendants().forEach(child -> found.putIfAbsent(child.pid(), child));
        });
        found.remove(root.pid());
        return List.copyOf(found.values());
    }

    /** Kills all of it, until nobody new turns up. */
    void kill() {
        kill(List.of());
    }

    /**
     * Kills all of it, until nobody new turns up.
     *
     * @param before who belonged to it a while ago
     */
    void kill(List<ProcessHandle> before) {
        List<ProcessHandle> found = new ArrayList<>(root.descendants().toList());
        before.forEach(ProcessHandle::destroyForcibly);
        root.destroyForcibly();
        for (int round = 0; round < ROUNDS; round++) {
            found.addAll(family());
            if (found.stream().noneMatch(ProcessHandle::isAlive)) {
                return;
            }
            List<ProcessHandle> next = new ArrayList<>();
            for (ProcessHandle one : found) {
                next.addAll(one.descendants().toList());
                one.destroyForcibly();
            }
            found = next;
        }
    }

    private List<ProcessHandle> marked() {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, "[1-9]*")) {
            for (Path one : all) {
                // the handle before the look: of a number that is given to another process meanwhile it is not valid
                ProcessHandle.of(Long.parseLong(one.getFileName().toString()))
                        .filter(handle ->
                                handle.pid() != ProcessHandle.current().pid() && carries(one))
                        .ifPresent(found::add);
            }
        } catch (IOException | DirectoryIteratorException noSuchPlace) {
            return found; // not Linux: parents alone count
        }
        return found;
    }

    private boolean carries(Path process) {
        byte[] environment;
        // a plain stream: an interruption of the task, which is why it kills, would break a channel
        try (InputStream in = new FileInputStream(process.resolve("environ").toFile())) {
            environment = in.readNBytes(MOST_ENVIRONMENT);
        } catch (IOException endedOrNotOurs) {
            return false; // what may not be read was not started by this process
        }
        for (int from = 0; from + mark.length <= environment.length; ) {
            int end = from;
            while (end < environment.length && environment[end] != 0) {
                end++;
            }
            if (Arrays.equals(environment, from, end, mark, 0, mark.length)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }
}
