package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.MachineRoom;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** An agent as a process, of the classes under test, with a token of its own. */
final class AgentProcess {
    final String identity;
    private final RunningBackplane backplane;
    private final Path home;
    private final List<ProcessHandle> orphans = new ArrayList<>();
    private Process process;

    /**
     * An agent that does not run yet.
     *
     * @param site that its token is for; empty: none
     * @param more lines of its configuration
     */
    AgentProcess(RunningBackplane backplane, Path home, String identity, String site, String... more)
            throws IOException {
        this.backplane = backplane;
        this.home = Files.createDirectory(home);
        this.identity = identity;
        Value.Obj about =
                (Value.Obj) backplane.json.read(Files.readAllBytes(backplane.state.resolve("backplane.json")));
        Files.writeString(
                home.resolve("agent.cfg"),
                """
                identity = %s
                vendor.issuer_key = %s
                vendor.signing_key = %s
                link.failover_after = 1s
                alive.interval = 1s
                status.interval = 1s
                machines.scan_interval = 500ms
                machines.poll_interval = 2s
                plugins.splay = 0s
                """.formatted(
                                        identity,
                                        about.text("organisation").orElseThrow(),
                                        about.text("machine_signer").orElseThrow())
                        + String.join("\n", more) + "\n");
        Files.writeString(
                home.resolve("provisioning.jwt"),
                backplane.command(
                        "token",
                        "--state",
                        backplane.state.toString(),
                        "--offline",
                        backplane.offline.toString(),
                        "--customer",
                        "acme",
                        "--site",
                        site,
                        "--print"));
    }

    void start() throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("src", "dist", "jvm", "access.options").toAbsolutePath(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MachineRoom.class.getName(),
                        "run",
                        "--config",
                        home.resolve("agent.cfg").toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("agent.log").toFile()))
                .start();
    }

    /** {@code kill -9}; a broker that it started lives on, as it would. */
    void kill() throws InterruptedException {
        process.descendants().forEach(orphans::add);
        process.destroyForcibly().waitFor();
    }

    /** The machine goes off: agent and broker end at once. */
    void powerOff() throws InterruptedException {
        List<ProcessHandle> all = java.util.stream.Stream.concat(
                        process.descendants(), java.util.stream.Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            one.onExit().join();
        }
    }

    /** A command of the agent's program, through the one that runs. */
    Process command(String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src", "dist", "jvm", "access.options").toAbsolutePath(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MachineRoom.class.getName()));
        argv.addAll(List.of(arguments));
        return new ProcessBuilder(argv).redirectErrorStream(true).start();
    }

    /** What a command that ends says. */
    String output(String... arguments) throws IOException, InterruptedException {
        Process command = command(arguments);
        String said = new String(command.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return command.waitFor() == 0 ? said : "exit code " + command.exitValue() + ": " + said;
    }

    Path config() {
        return home.resolve("agent.cfg");
    }

    /** What it says of the site that it leads. */
    Value.Obj leads() throws IOException {
        return status().obj("leads").orElse(Value.obj());
    }

    Value.Obj status() throws IOException {
        Path file = home.resolve("state").resolve("status.json");
        try {
            return Files.exists(file)
                    ? ((Value.Obj) backplane.json.read(Files.readAllBytes(file)))
                            .obj("machine_room")
                            .orElse(Value.obj())
                    : Value.obj();
        } catch (PortException.Refused e) {
            throw new IOException("status.json", e);
        }
    }

    boolean says(String key, String value) throws IOException {
        return status().text(key).equals(Optional.of(value));
    }

    /** nats, https or none. */
    String link() throws IOException {
        return status().obj("link").flatMap(l -> l.text("way")).orElse("none");
    }

    /** Records in the spool; -1 when the status does not tell. */
    long waiting() throws IOException {
        return status().obj("spool").flatMap(s -> s.whole("records")).orElse(-1L);
    }

    void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.call()) {
            assertTrue(
                    System.nanoTime() < end,
                    () -> identity + ": " + what + " not within 90 s; log: " + home.resolve("agent.log"));
            assertTrue(process.isAlive(), () -> identity + " ended; log: " + home.resolve("agent.log"));
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
        }
    }

    /** SIGTERM, and the end of what it left behind. */
    void end() throws InterruptedException {
        process.descendants().forEach(orphans::add);
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        orphans.forEach(ProcessHandle::destroyForcibly);
    }
}
