package io.machineroom.app.backplane;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A backplane in a process of its own, with its commands run in this one. */
final class RunningBackplane {
    final JacksonJson json = new JacksonJson();
    final Path state;
    final Path offline;
    private final List<ProcessHandle> orphans = new ArrayList<>();
    private @Nullable Process process;
    private Value.Obj ready = Value.obj();

    RunningBackplane(Path directory) {
        state = directory.resolve("state");
        offline = directory.resolve("offline");
    }

    /** Runs a command and returns what it printed; anything but 0 is a failure. */
    String command(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        var line = new BackplaneCommands(DaggerBackplaneComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int exit = line.execute(args);
        if (exit != 0) {
            throw new IllegalStateException(Arrays.toString(args) + " ended with " + exit + ": " + err);
        }
        return out.toString();
    }

    /** What a command says on the error stream, that is to end with this code. */
    String complaintOf(int exit, String... args) {
        StringWriter err = new StringWriter();
        var line = new BackplaneCommands(DaggerBackplaneComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err));
        int found = line.execute(args);
        if (found != exit) {
            throw new IllegalStateException(Arrays.toString(args) + " ended with " + found + ": " + err);
        }
        return err.toString();
    }

    /** What the operator was told when it came up. */
    String note() {
        return ready.text("note").orElse("");
    }

    /** Exit code of a command that is to fail. */
    int exitOf(String... args) {
        var line = new BackplaneCommands(DaggerBackplaneComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(new StringWriter()));
        return line.execute(args);
    }

    List<Value.Obj> documents(String... args) {
        return command(args)
                .lines()
                .map(text -> (Value.Obj) json.read(text.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    RunningBackplane init(String... customers) {
        List<String> args =
                new ArrayList<>(List.of("init", "--state", state.toString(), "--offline", offline.toString()));
        for (String customer : customers) {
            args.addAll(List.of("--customer", customer));
        }
        command(args.toArray(String[]::new));
        return this;
    }

    RunningBackplane start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BackplaneMain.class.getName(),
                "up",
                "--state",
                state.toString(),
                "--listen",
                "127.0.0.1:0",
                "--nats-listen",
                "127.0.0.1:0",
                "--json"));
        command.addAll(List.of(more));
        Process started = new ProcessBuilder(command)
                .redirectError(state.resolveSibling("up.log").toFile())
                .start();
        process = started;
        BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("the backplane did not come up; see up.log");
        }
        ready = (Value.Obj) json.read(line.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    URI gateway() {
        return URI.create(ready.texts("https").getFirst());
    }

    List<String> brokers() {
        return ready.texts("nats");
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(orphans::add);
            process.destroyForcibly().waitFor();
        }
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException {
        if (process == null) {
            return 0;
        }
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the backplane does not stop");
        }
        return process.exitValue();
    }

    /** Stops it if it still runs, and its broker if a kill left that behind. */
    void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            stop();
        }
        orphans.forEach(ProcessHandle::destroyForcibly);
    }
}
