package io.machineroom.examples.demo;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the demonstration works: its folders, its Java and its patience.
 *
 * @param directory everything the demonstration writes
 * @param distribution the unpacked distribution of the product
 * @param agentJar the vendor's agent
 * @param json reads what the programs print
 */
record Workshop(Path directory, Path distribution, Path agentJar, JacksonJson json) {
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /** The backplane's command line. */
    List<String> backplane(String... args) {
        List<String> command =
                new ArrayList<>(List.of(distribution.resolve("bin/backplane").toString()));
        command.addAll(List.of(args));
        return command;
    }

    /** The vendor agent's command line. */
    List<String> agent(String... args) {
        List<String> command =
                new ArrayList<>(List.of(distribution.resolve("bin/machine-room").toString()));
        command.addAll(List.of(args));
        return command;
    }

    Map<String, String> environment() {
        return Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "MACHINE_ROOM_JAR",
                agentJar.toString(),
                "MACHINE_ROOM_CACHE",
                "none");
    }

    String run(List<String> command) throws IOException, InterruptedException {
        return Program.run(directory.resolve("commands.log"), environment(), command);
    }

    /** Runs a command whose output may be large into a file. */
    void run(List<String> command, Path out) throws IOException, InterruptedException {
        Program.run(directory.resolve("commands.log"), environment(), command, out);
    }

    /** Whoever still works in this directory, but for this program and those that wait for it. */
    List<ProcessHandle> leftovers() {
        String here = directory.toAbsolutePath() + "/";
        Set<Long> ours = new HashSet<>();
        for (Optional<ProcessHandle> p = Optional.of(ProcessHandle.current());
                p.isPresent();
                p = p.get().parent()) {
            ours.add(p.get().pid());
        }
        return ProcessHandle.allProcesses()
                .filter(process -> !ours.contains(process.pid()))
                .filter(process -> process.info().commandLine().orElse("").contains(here))
                .toList();
    }

    /** As {@code kill -9} of each of those. */
    void endEverybody() {
        leftovers().forEach(ProcessHandle::destroyForcibly);
    }

    Value.Obj object(String text) {
        return json.read(text.getBytes(StandardCharsets.UTF_8)) instanceof Value.Obj o ? o : Value.obj();
    }

    /**
     * A port that nobody has, for whoever binds it later: below those that systems give to outgoing connections, one
     * of which could otherwise take it meanwhile, and never the same twice.
     */
    static int freePort() throws IOException {
        for (int tries = 0; tries < 1_000; tries++) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IOException("no port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS - 1) + " is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Waits until something holds, looking five times a second. */
    static void await(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new StoryFailed("waited " + patience.toSeconds() + " s in vain: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
