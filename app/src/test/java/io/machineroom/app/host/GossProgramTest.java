package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.conformance.machines.RealHost;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The builtin {@code goss} with a real program of that name in the PATH, or none. */
final class GossProgramTest {
    private final LinkedBlockingQueue<Value.Obj> states = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private void take(Outgoing event) {
        if (event.event().type().equals("io.choria.machine.watcher.nagios.v1.state")) {
            states.add(event.event().data());
        }
    }

    private void goss(String script) throws Exception {
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("goss");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, Durable.permissions(0755));
    }

    private Value.Obj checked() throws Exception {
        Path machine = Files.createDirectories(folder.resolve("machines/mine"));
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(machine.resolve("machine.yaml"), """
                name: mine
                version: 1.0.0
                initial_state: FORCE_CHECK
                transitions:
                  - {name: OK, from: [FORCE_CHECK], destination: OK}
                  - {name: CRITICAL, from: [FORCE_CHECK], destination: CRITICAL}
                  - {name: UNKNOWN, from: [FORCE_CHECK], destination: UNKNOWN}
                watchers:
                  - name: check
                    type: nagios
                    interval: 500ms
                    properties:
                      builtin: goss
                      gossfile: goss.yaml
                """);
        SearchPath path = new SearchPath(folder.resolve("bin") + ":/usr/bin:/bin");
        RealHost host =
                new RealHost(folder, this::take).processes(new LocalProcessRunner(path, Path.of("/proc/self/status")));
        Tasks.Task task = new VirtualThreadTasks().fork("machines", host.make()::run);
        try {
            return Optional.ofNullable(states.poll(30, TimeUnit.SECONDS)).orElse(Value.obj());
        } finally {
            task.cancel();
            assertTrue(task.join(Duration.ofSeconds(30)));
        }
    }

    private static String output(Value.Obj state) {
        return state.text("output").orElse("no output in " + state);
    }

    @Test
    void itsSummaryIsTheAnswer() throws Exception {
        goss("""
                [ "$1 $3 $5 $6 $7 $8" = "--gossfile --vars-inline validate --format json --no-color" ] || exit 9
                [ "$2" = "$PWD/goss.yaml" ] || exit 8
                echo '{"summary": {"failed-count": 0, "test-count": 3, "total-duration": 1500000000, "summary-line": "Count: 3"}}'
                """);
        Value.Obj state = checked();
        assertEquals("OK: Count: 3|checks=3;; failed=0;; runtime=1.500000s", output(state));
        assertEquals("OK", state.text("status").orElseThrow());
        assertEquals("goss", state.text("plugin").orElseThrow());
        assertEquals(3, state.list("perfdata").size());
    }

    @Test
    void failedTestsAreCriticalWhateverItsExitCode() throws Exception {
        goss("""
                echo '{"summary": {"failed-count": 2, "test-count": 3, "total-duration": 1, "summary-line": "Count: 3, Failed: 2"}}'
                exit 1
                """);
        Value.Obj state = checked();
        assertEquals("CRITICAL", state.text("status").orElseThrow());
        assertTrue(output(state).startsWith("CRITICAL: Count: 3, Failed: 2|checks=3;; failed=2;;"), output(state));
    }

    @Test
    void whatIsNoSummaryIsUnknownWithWhatItSaid() throws Exception {
        goss("echo 'Error: file error: open goss.yaml'; exit 1");
        Value.Obj state = checked();
        assertEquals("UNKNOWN", state.text("status").orElseThrow());
        assertTrue(output(state).contains("Error: file error: open goss.yaml"), output(state));
    }

    @Test
    void withoutTheProgramItIsUnknownAndSaysSo() throws Exception {
        Value.Obj state = checked();
        assertEquals("UNKNOWN", state.text("status").orElseThrow());
        assertTrue(output(state).contains("there is no program goss in the PATH"), output(state));
    }
}
