package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.host.Confinement;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimProcesses;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExecWatcherTest {
    private final Bench bench = new Bench();
    private final ExecWatcher.Type type = new ExecWatcher.Type();

    ExecWatcherTest() {
        bench.processes.program("cmd", "", 0);
    }

    private Outcome run(String properties) {
        return bench.ask(bench.make(type, properties), Trigger.INTERVAL);
    }

    private ProcessRunner.Command started(String properties) {
        assertInstanceOf(Outcome.Succeeded.class, run(properties));
        return bench.processes.started().getLast();
    }

    private static String reason(Outcome outcome) {
        return assertInstanceOf(Outcome.Failed.class, outcome).reason();
    }

    @Test
    void b032TemplatesLookIntoFactsAndData() {
        bench.facts = obj("{'location':'lon'}");
        bench.data = obj("{'x':1}");
        String command = "cmd {{ lookup \\'facts.foo\\' \\'default\\' }} {{ lookup \\'facts.location\\' \\'\\' }}";
        assertEquals(
                List.of("cmd", "default", "lon"),
                started("{'command':'" + command + "'}").argv());
    }

    @Test
    void b034PropertiesAreKept() {
        ProcessRunner.Command command = started("{'command':'cmd','timeout':'1.5s',"
                + "'environment':['key1=val1','key2=val2'],'suppress_success_announce':'true'}");
        assertEquals(Duration.ofMillis(1500), command.timeout());
        assertEquals(
                Set.of("MACHINE_WATCHER_NAME", "MACHINE_NAME", "PATH", "key1", "key2"),
                command.environment().keySet());
        assertEquals("val2", command.environment().get("key2"));
        assertFalse(run("{'command':'cmd','suppress_success_announce':'true'}").announce());
        assertTrue(run("{'command':'cmd'}").announce());
    }

    @Test
    void b035AndB036CommandIsRequiredAndATimeoutOfZeroIsASecond() {
        assertEquals("command is required", bench.fault(type, "{}"));
        assertEquals(
                Duration.ofSeconds(1),
                started("{'command':'cmd','timeout':'0'}").timeout());
        assertEquals(
                "cannot parse output as data while disowning child processes",
                bench.fault(type, "{'command':'cmd','disown':true,'parse_as_data':true}"));
    }

    @Test
    void b038TheStateHoldsCommandOutcomeAndTime() {
        Watcher watcher = bench.make(type, "{'command':'{{ lookup \\'x\\' \\'cmd\\' }}'}");
        assertEquals(
                obj("{'command':'{{ lookup \\'x\\' \\'cmd\\' }}','previous_outcome':'unknown','previous_run_time':0}"),
                watcher.state());
        bench.ask(watcher, Trigger.STATE_CHANGED);
        assertEquals("success", watcher.state().text("previous_outcome").orElseThrow());
        watcher.stateChanged(false);
        assertEquals("skipped", watcher.state().text("previous_outcome").orElseThrow());
    }

    @Test
    void ownEntriesOfTheEnvironmentWin() {
        ProcessRunner.Command command = started(
                "{'command':'cmd','environment':['PATH=/x','DC={{ lookup \\'facts.dc\\' \\'none\\' }}','odd']}");
        assertEquals("/x", command.environment().get("PATH"));
        assertEquals("none", command.environment().get("DC"));
        assertFalse(command.environment().containsKey("odd"));
    }

    @Test
    void theStartIsNoRunUnlessTheInitialStateIsGathered() {
        bench.interval = Duration.ofMinutes(1);
        Watcher plain = bench.make(type, "{'command':'cmd'}");
        assertEquals(null, bench.ask(plain, Trigger.START).again());
        Watcher gathering = bench.make(type, "{'command':'cmd','gather_initial_state':true}");
        Duration wait = bench.ask(gathering, Trigger.START).again();
        assertTrue(wait.compareTo(Duration.ofSeconds(30)) < 0);
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(gathering, Trigger.INTERVAL), "not before that");
        bench.tasks.advance(wait);
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(gathering, Trigger.WOKEN));
        assertEquals(bench.interval, bench.ask(gathering, Trigger.WOKEN).again(), "and from there on its interval");
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(gathering, Trigger.STATE_CHANGED));
        bench.tasks.advance(bench.interval.multipliedBy(2).plusSeconds(1));
        Outcome late = bench.ask(gathering, Trigger.STATE_CHANGED);
        assertInstanceOf(Outcome.Succeeded.class, late);
        assertEquals(bench.interval.minusSeconds(1), late.again(), "what was due while it was not active is gone");
        bench.interval = Duration.ZERO;
        Watcher never = bench.make(type, "{'command':'cmd','gather_initial_state':true}");
        assertEquals(null, bench.ask(never, Trigger.START).again());
    }

    @Test
    void w27AFailedStartAndATimeOutAreFailures() {
        assertEquals("exec.not-found: there is no program absent", reason(run("{'command':'absent'}")));
        assertEquals("exec.not-found: there is no program absent", reason(run("{'command':'absent','disown':true}")));
        bench.processes.program("slow", (command, console) -> {
            bench.tasks.sleep(Duration.ofSeconds(10));
            return 0;
        });
        assertEquals("exec.timeout: killed after 1s", reason(run("{'command':'slow'}")));
        assertInstanceOf(Outcome.Succeeded.class, run("{'command':'slow','disown':true}"));
        assertEquals("exec.command: the command is empty", reason(run("{'command':'# only a comment'}")));
    }

    @Test
    void w27ErrorsOfTheCommandAreNoData() {
        bench.processes.program("noisy", (command, console) -> {
            console.err("warning: old\n");
            console.out("{\"a\": 1, \"b\": {\"c\": 2}}");
            return 0;
        });
        assertInstanceOf(Outcome.Succeeded.class, run("{'command':'noisy','parse_as_data':true}"));
        assertEquals(obj("{'a':1,'b':{'c':2}}"), bench.data);
        bench.processes.program("list", "[1]", 0);
        assertTrue(reason(run("{'command':'list','parse_as_data':true}")).startsWith("exec.output"));
    }

    @Test
    void dataFilesAreForTheOwnerAndGoneAfterwards() {
        SimDisk disk = new SimDisk(bench.time(), 1);
        SimFiles files = new SimFiles(disk, Path.of("/state"));
        bench.ports.put(Scratch.class, new Scratch(files, "run"));
        bench.facts = obj("{'dc':'lon'}");
        bench.processes.program("cmd", (command, console) -> {
            String name = command.environment().get("WATCHER_FACTS").substring("/state/".length());
            assertEquals(0600, files.info(name).orElseThrow().mode());
            console.out(new String(files.read(name, 1000).orElseThrow(), StandardCharsets.UTF_8));
            return 0;
        });
        assertInstanceOf(Outcome.Succeeded.class, run("{'command':'cmd','parse_as_data':true}"));
        assertEquals(bench.facts, bench.data);
        assertEquals(List.of(), files.list("run"));
    }

    @Test
    void anotherUserAndLimitsGoWithTheCommand() {
        bench.processes.user("www", new SimProcesses.User(33, 33, "/var/www"));
        bench.processes.user("web", new SimProcesses.User(34, 34, "/"));
        String confined = "{'command':'cmd a','user':'www:web','limit_memory_mib':64,'limit_processes':10}";
        ProcessRunner.Command command = started(confined);
        assertEquals(List.of("cmd", "a"), command.argv());
        assertEquals(new Confinement("www", "web", 64L << 20, 0, 10, 0), command.confinement());
        assertEquals("/var/www", command.environment().get("HOME"));
        assertEquals(Confinement.NONE, started("{'command':'cmd'}").confinement());
        assertEquals(
                "user must be a name, or a name and a group with a colon between",
                bench.fault(type, "{'command':'cmd','user':'--x'}"));
    }

    @Test
    void aCommandThatCannotBeConfinedIsNotRun() {
        int before = bench.processes.started().size();
        bench.processes.without("prlimit");
        assertTrue(reason(run("{'command':'cmd','limit_open_files':9}")).startsWith("exec.confinement: "));
        assertTrue(reason(run("{'command':'cmd','user':'nobody-here'}")).startsWith("exec.confinement: "));
        assertEquals(before, bench.processes.started().size());
    }

    @Test
    void aFailureSaysUnderWhichLimits() {
        bench.processes.user("www", new SimProcesses.User(33, 33, "/var/www"));
        bench.processes.program("spent", "", 152);
        bench.processes.program("barred", "", 126);
        bench.processes.program("fails", "", 2);
        assertEquals(
                "exec.limit: ended after limit_cpu_seconds (5) of processor time",
                reason(run("{'command':'spent','limit_cpu_seconds':5}")));
        assertEquals("exec.exit: exit code 152", reason(run("{'command':'spent'}")));
        assertEquals(
                "exec.exit: exit code 126, user www may not start the program or enter its folder",
                reason(run("{'command':'barred','user':'www'}")));
        assertEquals(
                "exec.exit: exit code 2 under limit_memory_mib 64, limit_open_files 9",
                reason(run("{'command':'fails','limit_memory_mib':64,'limit_open_files':9}")));
    }

    @Test
    void agentsW19TheStateTellsTheExitCodeOfAFailure() {
        bench.processes.program("fails", "", 3);
        Watcher watcher = bench.make(type, "{'command':'{{ lookup \\'data.run\\' \\'fails\\' }}'}");
        assertEquals(Optional.empty(), watcher.state().whole("exit_code"), "nothing ran");
        assertEquals("exec.exit: exit code 3", reason(bench.ask(watcher, Trigger.INTERVAL)));
        assertEquals(3L, watcher.state().whole("exit_code").orElseThrow());
        bench.data = obj("{'run':'absent'}");
        bench.ask(watcher, Trigger.INTERVAL);
        assertEquals(Optional.empty(), watcher.state().whole("exit_code"), "no program, no code");
        bench.data = obj("{'run':'cmd'}");
        bench.ask(watcher, Trigger.INTERVAL);
        assertEquals(
                Set.of("command", "previous_outcome", "previous_run_time"),
                watcher.state().fields().keySet(),
                "a success is told as the original tells it");
    }

    @Test
    void relativeProgramsAreThoseOfTheMachine() {
        bench.processes.program("/node/machines/m/run.sh", "", 0);
        assertEquals(
                "/node/machines/m/run.sh",
                started("{'command':'./run.sh'}").argv().getFirst());
    }
}
