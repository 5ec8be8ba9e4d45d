package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of machines from the manifest to the processes of this host and back. */
final class ExecInMachinesTest {
    private static final String MANIFEST = """
            name: commands
            version: 1.0.0
            initial_state: RUN
            transitions:
              - {name: done, from: [RUN], destination: DONE}
              - {name: broke, from: [RUN], destination: BROKEN}
            watchers:
              - name: command
                type: exec
                interval: 500ms
                state_match: [RUN]
                success_transition: done
                fail_transition: broke
                properties:
                  command: ./command.sh
            """;

    @TempDir
    private Path folder;

    private final LinkedBlockingQueue<Value.Obj> events = new LinkedBlockingQueue<>();
    private Optional<MachineHost> host = Optional.empty();
    private Optional<Tasks.Task> task = Optional.empty();

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        Files.createDirectories(machine());
        open(folder, "rwxr-xr-x");
        open(folder.resolve("machines"), "rwxr-xr-x");
        open(machine(), "rwxrwxrwx");
    }

    @AfterEach
    void end() throws InterruptedException {
        task.ifPresent(Tasks.Task::cancel);
        if (task.isPresent()) {
            assertTrue(task.get().join(Duration.ofSeconds(30)));
        }
    }

    private Path machine() {
        return folder.resolve("machines/commands");
    }

    private static void open(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** Runs a machine whose one watcher has these properties and runs this script. */
    private void start(String script, String... properties) throws IOException {
        Path file = Files.writeString(machine().resolve("command.sh"), "#!/bin/sh\n" + script);
        open(file, "rwxr-xr-x");
        StringBuilder manifest = new StringBuilder(MANIFEST);
        for (String property : properties) {
            manifest.append("      ").append(property).append('\n');
        }
        Files.writeString(machine().resolve("machine.yaml"), manifest.toString());
        MachineHost made = new RealHost(folder, out -> events.add(out.event().data())).make();
        host = Optional.of(made);
        task = Optional.of(new VirtualThreadTasks().fork("machines", made::run));
    }

    private Value.Obj outcome() throws InterruptedException {
        while (true) {
            Value.Obj next =
                    Optional.ofNullable(events.poll(60, TimeUnit.SECONDS)).orElseThrow();
            assertTrue(next.text("code").isEmpty(), next::toString);
            String outcome = next.text("previous_outcome").orElse("");
            if (next.text("machine").orElse("").equals("commands") && !outcome.isEmpty()) {
                return next;
            }
        }
    }

    private Value.Obj data() throws InterruptedException {
        List<Value.Obj> answers = new ArrayList<>();
        host.orElseThrow()
                .desk()
                .handle(Value.obj("action", Value.text("data"), "name", Value.text("commands")), answers::add);
        return answers.getFirst().obj("data").orElseThrow();
    }

    private List<ProcessHandle> written(String... files) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        for (String file : files) {
            String number = Files.readString(machine().resolve(file)).strip();
            ProcessHandle.of(Long.parseLong(number)).ifPresent(found::add);
        }
        return found;
    }

    private static void end(List<ProcessHandle> all) throws Exception {
        for (ProcessHandle one : all) {
            one.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    /** Children of this process that ended and that nobody has waited for. */
    private static List<String> zombies() throws IOException {
        String state = " Z " + ProcessHandle.current().pid() + " ";
        List<String> found = new ArrayList<>();
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            Path stat = Path.of("/proc/" + child.pid() + "/stat");
            if (Files.exists(stat) && Files.readString(stat).contains(state)) {
                found.add(stat.toString());
            }
        }
        return found;
    }

    private static final String[] SPREADS = {
        "echo $$ > first",
        "sleep 1000 & echo $! > second",
        "(setsid sh -c 'echo $$ > third.new; mv third.new third; exec sleep 1000' </dev/null >/dev/null 2>&1 &)",
        "while [ ! -s third ]; do :; done",
        "mv first ready",
        "wait",
        "exec sleep 1000"
    };

    private static String spreads() {
        return String.join("\n", SPREADS) + "\n";
    }

    @Test
    void aCommandOfAnotherUserHasItsLimits() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root runs commands of another user");
        start(
                """
                cat > /dev/null
                printf '{"uid":%s,"gid":%s,"files":%s,"cpu":%s,"memory":%s,"home":"%s","data":"%s"}' \
                    $(id -u) $(id -g) $(ulimit -n) $(ulimit -t) $(ulimit -v) "${HOME:+set}" "${WATCHER_DATA:-none}"
                """,
                "user: nobody",
                "limit_open_files: 33",
                "limit_cpu_seconds: 100",
                "limit_memory_mib: 512",
                "limit_processes: 5000",
                "parse_as_data: true",
                "timeout: 30s");
        Value.Obj event = outcome();
        assertEquals("success", event.text("previous_outcome").orElseThrow(), event::toString);
        Value.Obj data = data();
        assertEquals(65534L, data.whole("uid").orElseThrow());
        assertEquals(65534L, data.whole("gid").orElseThrow());
        assertEquals(33L, data.whole("files").orElseThrow());
        assertEquals(100L, data.whole("cpu").orElseThrow());
        assertEquals(512L * 1024, data.whole("memory").orElseThrow());
        assertEquals("set", data.text("home").orElseThrow());
        assertEquals("none", data.text("data").orElseThrow());
    }

    @Test
    void aCommandThatHangsIsKilledWithAllItStarted() throws Exception {
        start(spreads(), "timeout: 5s");
        hangs();
    }

    @Test
    void aCommandOfAnotherUserThatHangsIsKilledWithAllItStarted() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root runs commands of another user");
        start(spreads(), "timeout: 5s", "user: nobody", "limit_open_files: 50");
        hangs();
    }

    private void hangs() throws Exception {
        Value.Obj event = outcome();
        assertEquals("error", event.text("previous_outcome").orElseThrow());
        assertEquals("exec.timeout: killed after 5s", event.text("reason").orElseThrow());
        end(written("ready", "second", "third"));
        assertEquals(List.of(), zombies());
    }

    @Test
    void aMachineThatGoesTakesItsCommandWithIt() throws Exception {
        start(spreads(), "timeout: 10m");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(machine().resolve("ready"))) {
            assertTrue(System.nanoTime() < until, "it never ran");
            Thread.onSpinWait();
        }
        List<ProcessHandle> all = written("ready", "second", "third");
        assertEquals(3, all.size());
        Files.delete(machine().resolve("machine.yaml"));
        end(all);
        assertEquals(List.of(), zombies());
    }

    @Test
    void outputBeyondTheBoundIsReadAndIsNoData() throws Exception {
        start("head -c 3000000 /dev/zero | tr '\\0' ' '\necho '{\"a\":1}'\n", "parse_as_data: true", "timeout: 30s");
        Value.Obj event = outcome();
        assertTrue(event.text("reason").orElseThrow().startsWith("exec.output: the output is larger than"));
        assertTrue(data().fields().isEmpty());
    }

    @Test
    void thereIsNoInput() throws Exception {
        start("cat\nread line && exit 3\nexit 0\n", "timeout: 30s");
        assertEquals("success", outcome().text("previous_outcome").orElseThrow());
    }
}
