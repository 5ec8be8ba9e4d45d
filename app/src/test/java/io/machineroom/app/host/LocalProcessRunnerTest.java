package io.machineroom.app.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.ProcessRunnerContract;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class LocalProcessRunnerTest extends ProcessRunnerContract {
    private final VirtualThreadTasks tasks = new VirtualThreadTasks();
    private final LocalProcessRunner runner = new LocalProcessRunner();

    @TempDir
    private Path directory;

    @Override
    protected ProcessRunner runner() {
        return runner;
    }

    @Override
    protected Tasks tasks() {
        return tasks;
    }

    @Override
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    @Override
    protected Path directory() {
        return directory;
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    @Override
    protected List<String> prints(String output, String errors, int code) {
        return shell("printf '" + output + "'; printf '" + errors + "' >&2; exit " + code);
    }

    @Override
    protected List<String> hangs() {
        return shell("/bin/sleep 1000 & wait");
    }

    @Override
    protected List<String> printsVariable(String name) {
        return shell("printf \"$" + name + "\"");
    }

    @Override
    protected List<String> printsBytes(int count) {
        return shell("/usr/bin/head -c " + count + " /dev/zero");
    }

    private ProcessRunner.Command command(List<String> argv, Duration timeout) {
        return new ProcessRunner.Command(argv, Map.of(), directory, timeout, 10_000, true);
    }

    @Test
    void killsGrandchildrenAtTheTimeOut() throws Exception {
        ProcessRunner.Result result =
                runner.run(command(shell("/bin/sleep 1000 & echo $!; wait"), Duration.ofSeconds(3)));
        assertTrue(result.timedOut());
        long pid = Long.parseLong(new String(result.output(), UTF_8).strip());
        ProcessHandle grandchild = ProcessHandle.of(pid).orElse(null);
        if (grandchild != null) {
            grandchild.onExit().get(20, TimeUnit.SECONDS);
        }
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void returnsAlthoughAGrandchildHoldsTheOutput() throws InterruptedException {
        ProcessRunner.Result result = runner.run(command(shell("/bin/sleep 1000 & echo $!"), Duration.ofSeconds(60)));
        ProcessHandle grandchild = ProcessHandle.of(Long.parseLong(new String(result.output(), UTF_8).strip()))
                .orElseThrow();
        assertTrue(grandchild.isAlive(), "it was not waited for");
        grandchild.destroyForcibly();
        assertEquals(0, result.exitCode());
        assertFalse(result.timedOut());
    }

    @Test
    @Timeout(60)
    void agentsW27ReturnsAlthoughAGrandchildGoesOnPrinting() throws Exception {
        Path number = directory.resolve("number");
        String script = "/usr/bin/yes & echo $! > " + number;
        assertEquals(
                0, runner.run(command(shell(script), Duration.ofSeconds(60))).exitCode());
        ProcessHandle grandchild = ProcessHandle.of(
                        Long.parseLong(Files.readString(number).strip()))
                .orElseThrow();
        assertTrue(grandchild.isAlive(), "it was not waited for");
        grandchild.destroyForcibly();
    }

    /** Starts a shell with a session of its own whose parent has ended, which writes its number to a file and stays. */
    private String detached(Path number) {
        return "(/usr/bin/setsid /bin/sh -c 'echo $$ > " + number + ".new; mv " + number + ".new " + number
                + "; exec /bin/sleep 1000' </dev/null >/dev/null 2>&1 &) ; ";
    }

    private static ProcessHandle awaited(Path number) throws IOException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!Files.exists(number)) {
            assertTrue(System.nanoTime() < end, "it was never started");
            Thread.onSpinWait();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(number).strip()))
                .orElseThrow();
    }

    private static void ends(ProcessHandle process) throws Exception {
        process.onExit().get(20, TimeUnit.SECONDS);
        assertFalse(process.isAlive());
    }

    @Test
    void killsAtTheTimeOutWhatDetachedItself() throws Exception {
        Path number = directory.resolve("number");
        ProcessRunner.Result result =
                runner.run(command(shell(detached(number) + "exec /bin/sleep 1000"), Duration.ofSeconds(3)));
        assertTrue(result.timedOut());
        assertTrue(Files.exists(number), "three seconds were enough to start");
        ProcessHandle daemon = ProcessHandle.of(
                        Long.parseLong(Files.readString(number).strip()))
                .orElse(null);
        if (daemon != null) {
            ends(daemon);
        }
    }

    @Test
    void leavesWhatDetachedItselfAloneWhenTheCommandEnds() throws Exception {
        Path number = directory.resolve("number");
        ProcessRunner.Result result = runner.run(command(shell(detached(number) + "exit 0"), Duration.ofSeconds(60)));
        assertEquals(0, result.exitCode());
        ProcessHandle daemon = awaited(number);
        try {
            assertTrue(daemon.isAlive());
        } finally {
            daemon.destroyForcibly();
        }
    }

    @Test
    void stopsWithAChildWhatDetachedItself() throws Exception {
        Path number = directory.resolve("number");
        ProcessRunner.Child child =
                runner.start(command(shell(detached(number) + "exec /bin/sleep 1000"), Duration.ofSeconds(60)));
        ProcessHandle daemon = awaited(number);
        child.stop(Duration.ofSeconds(5));
        ends(daemon);
    }

    @Test
    void killsNobodyElseWhoDetachedItself() throws Exception {
        Path number = directory.resolve("number");
        runner.run(command(shell(detached(number) + "exit 0"), Duration.ofSeconds(60)));
        ProcessHandle daemon = awaited(number);
        try {
            assertTrue(runner.run(command(hangs(), Duration.ofMillis(300))).timedOut());
            assertTrue(daemon.isAlive(), "it belongs to another run");
        } finally {
            daemon.destroyForcibly();
        }
    }

    @Test
    void findsRelativeProgramsInTheDirectory() throws InterruptedException, IOException {
        Path script = Files.writeString(directory.resolve("own.sh"), "#!/bin/sh\npwd\n");
        ProcessRunner.Command command = command(List.of("./own.sh"), Duration.ofSeconds(20));
        PortException.Refused e = assertThrows(PortException.Refused.class, () -> runner.run(command));
        assertEquals("exec.not-startable", e.code());
        Files.setPosixFilePermissions(script, Durable.permissions(0700));
        assertEquals(
                directory.toRealPath().toString(),
                new String(runner.run(command).output(), UTF_8).strip());
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        ProcessRunner.Command command = new ProcessRunner.Command(
                List.of("sh"), Map.of(), directory.resolve("none"), Duration.ofSeconds(5), 10, true);
        PortException.Refused e = assertThrows(PortException.Refused.class, () -> runner.run(command));
        assertEquals("exec.not-startable", e.code());
    }

    @Test
    void givesTheChildNoInput() throws InterruptedException {
        ProcessRunner.Result result = runner.run(command(shell("/bin/cat; echo end"), Duration.ofSeconds(20)));
        assertEquals("end\n", new String(result.output(), UTF_8));
    }

    @Override
    protected boolean root() {
        return Privileges.of(Path.of("/proc/self/status")).mayBecomeAnyone();
    }

    @Override
    protected List<String> printsWho() {
        return shell("printf '%s' \"$(/usr/bin/id -u) $(/usr/bin/id -g) $(/usr/bin/id -G) $HOME $USER $LOGNAME\"");
    }

    @Override
    protected List<String> printsLimits() {
        return shell("printf '%s' \"$(ulimit -v) $(ulimit -t) $(/bin/grep processes /proc/self/limits"
                + " | /usr/bin/tr -s ' ' | /usr/bin/cut -d ' ' -f 3) $(ulimit -n)\"");
    }

    @Override
    protected List<String> burns() {
        return shell("while true; do :; done");
    }

    @Override
    protected ProcessRunner without(String helper) {
        return new LocalProcessRunner(Helpers.pathWithout(directory, helper), Path.of("/proc/self/status"));
    }

    @Override
    protected ProcessRunner unprivileged() {
        try {
            Path status = Files.writeString(
                    directory.resolve("status"),
                    "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n");
            return new LocalProcessRunner(new SearchPath(), status);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
