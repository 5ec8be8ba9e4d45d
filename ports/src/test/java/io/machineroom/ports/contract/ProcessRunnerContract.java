package io.machineroom.ports.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What {@link ProcessRunner} promises. */
public abstract class ProcessRunnerContract {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    protected abstract ProcessRunner runner();

    protected abstract Tasks tasks();

    /** Runs a test body where waiting is allowed. */
    protected abstract void within(Tasks.Body body) throws InterruptedException;

    /** An existing directory. */
    protected abstract Path directory();

    /** A command that prints one text to standard output, another to standard error, and exits with the code. */
    protected abstract List<String> prints(String output, String errors, int code);

    /** A command that never ends by itself. */
    protected abstract List<String> hangs();

    /** A command that prints the value of an environment variable, or nothing. */
    protected abstract List<String> printsVariable(String name);

    /** A command that prints that many bytes. */
    protected abstract List<String> printsBytes(int count);

    /** Whether this process may start commands as another user; such tests are left out where it may not. */
    protected abstract boolean root();

    /** A command that prints number, group and all groups of its user, then HOME, USER and LOGNAME, a blank between. */
    protected abstract List<String> printsWho();

    /** A command that prints its limits of memory (KiB), processor time (s), processes and open files. */
    protected abstract List<String> printsLimits();

    /** A command that uses processor time without an end. */
    protected abstract List<String> burns();

    /** A runner on a host without that program. */
    protected abstract ProcessRunner without(String helper);

    /** A runner of a process that may not start commands as another user. */
    protected abstract ProcessRunner unprivileged();

    private static Confinement as(String user) {
        return new Confinement(user, "", 0, 0, 0, 0);
    }

    private static void refuses(ProcessRunner runner, ProcessRunner.Command command, String... said) {
        for (Executable way : List.<Executable>of(() -> runner.run(command), () -> runner.start(command))) {
            PortException.Refused e = assertThrows(PortException.Refused.class, way);
            assertEquals("exec.confinement", e.code());
            for (String text : said) {
                assertTrue(e.getMessage().contains(text), e.getMessage());
            }
        }
    }

    private ProcessRunner.Command command(List<String> argv) {
        return new ProcessRunner.Command(argv, Map.of("A", "own value"), directory(), LONG, 1_000, false);
    }

    private static ProcessRunner.Command merged(ProcessRunner.Command c) {
        return new ProcessRunner.Command(
                c.argv(), c.environment(), c.directory(), c.timeout(), c.maxOutputBytes(), true);
    }

    private static ProcessRunner.Command limited(ProcessRunner.Command c, Duration timeout) {
        return new ProcessRunner.Command(
                c.argv(),
                c.environment(),
                c.directory(),
                timeout,
                c.maxOutputBytes(),
                c.mergeErrors(),
                c.confinement());
    }

    @Test
    void givesOutputErrorsAndCode() throws InterruptedException {
        within(() -> {
            ProcessRunner.Result result = runner().run(command(prints("out", "err", 3)));
            assertEquals(3, result.exitCode());
            assertEquals("out", new String(result.output(), UTF_8));
            assertEquals("err", new String(result.errors(), UTF_8));
            assertFalse(result.timedOut());
            assertFalse(result.truncated());
        });
    }

    @Test
    void mergesErrorsWhenAsked() throws InterruptedException {
        within(() -> {
            ProcessRunner.Result result = runner().run(merged(command(prints("out", "err", 0))));
            assertEquals("outerr", new String(result.output(), UTF_8));
            assertEquals(0, result.errors().length);
        });
    }

    @Test
    void givesTheChildItsOwnEnvironmentOnly() throws InterruptedException {
        within(() -> {
            assertEquals(
                    "own value",
                    new String(runner().run(command(printsVariable("A"))).output(), UTF_8));
            assertEquals(
                    "", new String(runner().run(command(printsVariable("HOME"))).output(), UTF_8));
        });
    }

    @Test
    void boundsTheOutput() throws InterruptedException {
        within(() -> {
            ProcessRunner.Result exact = runner().run(command(printsBytes(1_000)));
            assertEquals(1_000, exact.output().length);
            assertFalse(exact.truncated());
            ProcessRunner.Result more = runner().run(command(printsBytes(300_000)));
            assertEquals(1_000, more.output().length);
            assertTrue(more.truncated());
            assertEquals(0, more.exitCode());
        });
    }

    @Test
    void killsAtTheTimeOut() throws InterruptedException {
        within(() -> {
            ProcessRunner.Result result = runner().run(limited(command(hangs()), SHORT));
            assertTrue(result.timedOut());
            assertEquals(137, result.exitCode());
        });
    }

    @Test
    void aCancelledTaskLeavesTheCommand() throws InterruptedException {
        within(() -> {
            Tasks.Task task = tasks().fork("runs", () -> runner().run(command(hangs())));
            assertFalse(task.join(SHORT));
            task.cancel();
            assertTrue(task.join(LONG));
        });
    }

    @Test
    void refusesUnknownPrograms() throws InterruptedException {
        within(() -> {
            for (String name : List.of("no-such-program-anywhere", "./no-such-program", "/no/such/program")) {
                PortException.Refused e =
                        assertThrows(PortException.Refused.class, () -> runner().run(command(List.of(name))));
                assertEquals("exec.not-found", e.code());
                assertThrows(PortException.Refused.class, () -> runner().start(command(List.of(name))));
            }
        });
    }

    @Test
    void childrenGoOnUntilStopped() throws InterruptedException {
        within(() -> {
            ProcessRunner.Child child = runner().start(limited(command(hangs()), SHORT));
            assertFalse(child.await(SHORT.multipliedBy(2)));
            assertTrue(child.alive());
            assertTrue(child.pid() > 0);
            assertThrows(IllegalStateException.class, child::exitCode);
            child.stop(LONG);
            assertFalse(child.alive());
            assertTrue(child.exitCode() > 128);
            child.stop(LONG);
        });
    }

    @Test
    void childrenTellHowTheyEnded() throws InterruptedException {
        within(() -> {
            ProcessRunner.Child child = runner().start(command(prints("last words", "", 4)));
            assertTrue(child.await(LONG));
            assertEquals(4, child.exitCode());
            for (int i = 0; i < 3_000 && child.tail().isEmpty(); i++) {
                tasks().sleep(Duration.ofMillis(10));
            }
            assertEquals("last words", child.tail());
        });
    }

    @Test
    void runsAsAnotherUserWithNothingOfThisOne() throws InterruptedException {
        assumeTrue(root(), "only root becomes another user");
        within(() -> {
            ProcessRunner.Command who = command(printsWho());
            assertEquals(
                    "65534 65534 65534 /nonexistent nobody nobody",
                    new String(runner().run(who.confined(as("nobody"))).output(), UTF_8));
            ProcessRunner.Command own = new ProcessRunner.Command(
                    who.argv(), Map.of("HOME", "/own"), who.directory(), LONG, 1_000, false, as("nobody"));
            assertEquals(
                    "65534 65534 65534 /own nobody nobody",
                    new String(runner().run(own).output(), UTF_8));
        });
    }

    @Test
    void killsCommandsOfAnotherUser() throws InterruptedException {
        assumeTrue(root(), "only root becomes another user");
        within(() -> {
            ProcessRunner.Command hangs = command(hangs()).confined(as("nobody"));
            ProcessRunner.Result result = runner().run(limited(hangs, SHORT));
            assertTrue(result.timedOut());
            assertEquals(137, result.exitCode());
            ProcessRunner.Child child = runner().start(hangs);
            child.stop(LONG);
            assertFalse(child.alive());
        });
    }

    @Test
    void limitsReachTheCommand() throws InterruptedException {
        within(() -> {
            Confinement to = new Confinement("", "", 512L << 20, 7, 300, 40);
            assertEquals(
                    "524288 7 300 40",
                    new String(
                            runner().run(command(printsLimits()).confined(to)).output(), UTF_8));
        });
    }

    @Test
    void processorTimeThatIsUsedUpEndsTheCommand() throws InterruptedException {
        within(() -> {
            Confinement to = new Confinement("", "", 0, 1, 0, 0);
            ProcessRunner.Result result = runner().run(command(burns()).confined(to));
            assertEquals(152, result.exitCode());
            assertFalse(result.timedOut());
        });
    }

    @Test
    void neverRunsACommandThatItCannotConfine() throws InterruptedException {
        within(() -> {
            ProcessRunner.Command hangs = command(hangs());
            refuses(without("prlimit"), hangs.confined(new Confinement("", "", 0, 0, 0, 9)), "prlimit", "util-linux");
            refuses(unprivileged(), hangs.confined(as("nobody")), "nobody", "root");
            refuses(runner(), hangs.confined(as("no-such-user")), "no-such-user");
            refuses(runner(), hangs.confined(new Confinement("nobody", "no-such-group", 0, 0, 0, 0)), "no-such-group");
            if (root()) {
                refuses(without("setpriv"), hangs.confined(as("nobody")), "setpriv", "util-linux");
            }
        });
    }

    @Test
    void aProgramThatIsMissingIsToldBeforeItIsConfined() throws InterruptedException {
        within(() -> {
            ProcessRunner.Command none = command(List.of("no-such-program-anywhere"));
            PortException.Refused e = assertThrows(
                    PortException.Refused.class,
                    () -> runner().run(none.confined(new Confinement("", "", 0, 0, 0, 9))));
            assertEquals("exec.not-found", e.code());
        });
    }
}
