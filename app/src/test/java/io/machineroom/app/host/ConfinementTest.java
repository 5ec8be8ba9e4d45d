package io.machineroom.app.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of another user and with limits, with the programs of this host; what holds of every host is in the contract. */
final class ConfinementTest {
    private static final Path SELF = Path.of("/proc/self/status");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final LocalProcessRunner runner = new LocalProcessRunner();

    @TempDir
    private Path directory;

    private static Confinement nobody() {
        assumeTrue(Privileges.of(SELF).mayBecomeAnyone(), "only root becomes another user");
        return new Confinement("nobody", "", 0, 0, 0, 0);
    }

    private ProcessRunner.Command shell(String script, Confinement to, Duration timeout) {
        return new ProcessRunner.Command(
                List.of("/bin/sh", "-c", script),
                Map.of("PATH", "/usr/bin:/bin"),
                directory,
                timeout,
                10_000,
                true,
                to);
    }

    private String says(String script, Confinement to) throws InterruptedException {
        ProcessRunner.Result result = runner.run(shell(script, to, LONG));
        return result.exitCode() + " " + new String(result.output(), UTF_8).strip();
    }

    @Test
    void anotherUserHasNoRightsOfThisOne() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, Durable.permissions(0600));
        String caps = says("grep -E '^Cap(Eff|Prm):' /proc/self/status | tr -s '\\t\\n' ' '", nobody());
        assertEquals("0 CapPrm: 0000000000000000 CapEff: 0000000000000000", caps);
        assertTrue(says("cat " + secret, nobody()).startsWith("1 "));
        assertEquals("0 x", says("cat " + secret, Confinement.NONE));
    }

    @Test
    void aGroupIsTakenBesideTheUser() throws InterruptedException {
        nobody();
        assertEquals("0 65534 1", says("echo $(id -u) $(id -g)", new Confinement("nobody", "daemon", 0, 0, 0, 0)));
    }

    @Test
    void theWholeTreeOfAnotherUserEndsAtTheTimeOutAndLeavesNoZombie() throws Exception {
        ProcessRunner.Result result = runner.run(
                shell("sleep 1000 & echo $!; (sleep 1000 & echo $!; wait) & wait", nobody(), Duration.ofSeconds(2)));
        assertTrue(result.timedOut());
        List<Long> pids =
                new String(result.output(), UTF_8).lines().map(Long::parseLong).toList();
        assertEquals(2, pids.size());
        for (long pid : pids) {
            ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
            if (handle != null) {
                handle.onExit().get(20, TimeUnit.SECONDS);
            }
        }
        assertEquals(List.of(), zombies());
    }

    @Test
    void whatAnotherUsersCommandDetachedEndsWithItAtTheTimeOut() throws Exception {
        Files.setPosixFilePermissions(directory, Durable.permissions(0777));
        ProcessRunner.Result result = runner.run(shell(
                "(setsid sh -c 'echo $$ > number; exec sleep 1000' </dev/null >/dev/null 2>&1 &); exec sleep 1000",
                nobody(),
                Duration.ofSeconds(3)));
        assertTrue(result.timedOut());
        long pid = Long.parseLong(Files.readString(directory.resolve("number")).strip());
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        if (handle != null) {
            handle.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    /** Children of this process that nobody has waited for. */
    private static List<Path> zombies() throws IOException {
        String parent = " Z " + ProcessHandle.current().pid() + " ";
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            List<Path> found = new java.util.ArrayList<>();
            for (Path process : all) {
                try {
                    if (Files.readString(process.resolve("stat")).contains(parent)) {
                        found.add(process);
                    }
                } catch (IOException gone) {
                    assertFalse(Files.exists(process.resolve("exe")), gone::toString);
                }
            }
            return found;
        }
    }

    @Test
    void memoryBeyondTheLimitIsNotGiven() throws InterruptedException {
        Confinement little = new Confinement("", "", 64L << 20, 0, 0, 0);
        String hungry = "head -c 200000000 /dev/zero | tail -c 150000000 > /dev/null";
        assertTrue(says("head -c 1000 /dev/zero | tail -c 10 | wc -c", little).startsWith("0 10"));
        String said = says(hungry, little);
        assertFalse(said.startsWith("0 "), said);
        assertTrue(said.contains("memory"), said);
    }

    @Test
    void filesBeyondTheLimitAreNotOpened() throws InterruptedException {
        String said = says("exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null", new Confinement("", "", 0, 0, 0, 6));
        assertFalse(said.startsWith("0 "), said);
    }

    @Test
    void processesBeyondTheLimitOfAUserAreNotStarted() throws InterruptedException {
        nobody();
        String said = says("sleep 5 & sleep 5 & sleep 5 & wait", new Confinement("nobody", "", 0, 0, 1, 0));
        assertFalse(said.startsWith("0 "), said);
        assertTrue(said.contains("fork"), said);
    }

    @Test
    void processorTimeCountsForWhatTheCommandStarted() throws InterruptedException {
        Confinement second = new Confinement("", "", 0, 1, 0, 0);
        assertTrue(says("sh -c 'while true; do :; done'", second).startsWith("152"));
    }

    @Test
    void aUserAndLimitsGoTogether() throws InterruptedException {
        nobody();
        assertEquals(
                "0 65534 100 33",
                says("echo $(id -u) $(ulimit -t) $(ulimit -n)", new Confinement("nobody", "", 0, 100, 500, 33)));
    }

    @Test
    void whatIsMissingIsNamedWithWhatToDo() {
        Confinement user = nobody();
        for (String helper : List.of("setpriv", "getent")) {
            LocalProcessRunner bare = new LocalProcessRunner(Helpers.pathWithout(directory, helper), SELF);
            PortException.Refused e =
                    assertThrows(PortException.Refused.class, () -> bare.run(shell("true", user, LONG)));
            assertEquals("exec.confinement", e.code());
            assertTrue(e.getMessage().contains(helper + ", which is not in the agent's PATH"), e.getMessage());
            assertTrue(e.getMessage().contains("install"), e.getMessage());
        }
    }

    @Test
    void privilegesAreReadFromTheKernel() throws Exception {
        Confinement user = nobody();
        ProcessRunner.Child child = runner.start(shell("exec sleep 1000", user, LONG));
        try {
            Path status = Path.of("/proc/" + child.pid() + "/status");
            String wanted = "Name:\tsleep";
            for (int i = 0; i < 100_000 && !Files.readString(status).startsWith(wanted); i++) {
                Thread.onSpinWait();
            }
            Privileges his = Privileges.of(status);
            assertEquals("65534", his.user());
            assertFalse(his.mayBecomeAnyone());
            assertTrue(his.mayBecome("65534", "65534"));
            assertFalse(his.mayBecome("0", "0"));
            LocalProcessRunner as = new LocalProcessRunner(new SearchPath(), status);
            PortException.Refused e = assertThrows(
                    PortException.Refused.class,
                    () -> as.run(shell("true", new Confinement("daemon", "", 0, 0, 0, 0), LONG)));
            assertTrue(e.getMessage().startsWith("only root may run a command as user daemon"), e.getMessage());
        } finally {
            child.stop(Duration.ZERO);
        }
    }

    @Test
    void whereTheKernelTellsNothingNobodyMayBecomeAnother() {
        assertFalse(Privileges.of(directory.resolve("none")).mayBecomeAnyone());
    }
}
