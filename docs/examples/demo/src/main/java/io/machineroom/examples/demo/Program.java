package io.machineroom.examples.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real process of the demonstration: its output goes to a log file, its end is ours to decide. */
final class Program {
    private final String name;
    private final Path log;
    private final Process process;

    private Program(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Starts a program that goes on. */
    static Program start(String name, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new Program(name, log, builder.start());
    }

    /** Runs a program to its end and returns what it printed. */
    static String run(Path log, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(log.getParent(), "out", ".txt");
        run(log, environment, command, out);
        String text = Files.readString(out, StandardCharsets.UTF_8);
        Files.delete(out);
        return text;
    }

    /** Runs a program to its end; what it prints goes to a file. */
    static void run(Path log, Map<String, String> environment, List<String> command, Path out)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectOutput(out.toFile());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        long size = 0;
        // one that still prints is not stuck
        for (boolean over = false; !over; size = Files.size(out)) {
            over = process.waitFor(60, TimeUnit.SECONDS);
            if (!over && Files.size(out) == size) {
                process.destroyForcibly();
                throw new StoryFailed("'" + String.join(" ", command) + "' did nothing for 60 s; see " + log);
            }
        }
        if (process.exitValue() != 0) {
            throw new StoryFailed("'" + String.join(" ", command) + "' ended with exit code " + process.exitValue()
                    + "\n" + tail(log));
        }
    }

    /** Sends a signal that Java cannot send, such as STOP. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (kill.waitFor() != 0 && ProcessHandle.of(pid).isPresent()) {
            throw new StoryFailed("signal " + name + " cannot be sent to process " + pid);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** As {@code kill}, and then {@code kill -9} when it does not listen. Returns whether it went by itself. */
    boolean stop(Duration patience) throws InterruptedException {
        process.destroy();
        boolean gone = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!gone) {
            kill();
        }
        return gone;
    }

    int exitCode() {
        return process.exitValue();
    }

    String trouble() {
        return name + " ended early with exit code " + process.exitValue() + "\n" + tail(log);
    }

    static String tail(Path log) {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
