package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NagiosWatcherTest {
    private final Bench bench = new Bench();
    private final CheckDisk disk = new CheckDisk(bench);
    private final NagiosWatcher.Type type = new NagiosWatcher.Type();

    NagiosWatcherTest() {
        bench.interval = Duration.ofMinutes(5);
    }

    private Watcher checking(String output, int exitCode) {
        bench.processes.program("cmd", output, exitCode);
        return bench.make(type, "{'plugin':'cmd'}");
    }

    private Outcome forced(Watcher watcher) {
        bench.state = "FORCE_CHECK";
        watcher.stateChanged(false);
        assertTrue(watcher.insists());
        return bench.ask(watcher, Trigger.STATE_CHANGED);
    }

    private String answer(Watcher watcher) {
        return assertInstanceOf(Outcome.Requested.class, forced(watcher)).transition();
    }

    @Test
    void b106PropertiesAreKept() {
        Watcher watcher = bench.make(type, "{'annotations':{'a2':'v2','a1':'v1'},'plugin':'cmd','timeout':'5s'}");
        assertEquals(List.of(), bench.properties.faults());
        assertEquals(
                obj("{'a1':'v1','a2':'v2'}"), watcher.state().obj("annotations").orElseThrow());
    }

    @Test
    void b108AndB109AndB111PropertiesAreChecked() {
        assertEquals("cannot set plugin and builtin", bench.fault(type, "{'plugin':'cmd','builtin':'goss'}"));
        assertEquals("plugin or builtin is required", bench.fault(type, "{}"));
        assertEquals(
                "gossfile property is required for the goss builtin check", bench.fault(type, "{'builtin':'goss'}"));
        assertEquals("", bench.fault(type, "{'builtin':'goss','gossFile':'g.yaml'}"));
        assertEquals(
                "last_message property is required for the choria_status builtin check",
                bench.fault(type, "{'builtin':'choria_status'}"));
        assertEquals("", bench.fault(type, "{'builtin':'choria_status','last_message':'1h'}"));
    }

    @Test
    void b117TheStateHoldsEverythingInOrder() {
        Watcher watcher = bench.make(type, "{'plugin':'/bin/sh'}");
        assertEquals(
                "{\"plugin\":\"/bin/sh\",\"status\":\"UNKNOWN\",\"status_code\":3,\"output\":\"\","
                        + "\"check_time\":-62135596800,\"perfdata\":null,\"runtime\":0,\"history\":[],"
                        + "\"annotations\":{}}",
                bench.text(watcher.state()));
        Watcher ran = checking("OK: ginkgo|", 0);
        assertEquals("OK", answer(ran));
        Value.Obj state = ran.state();
        assertEquals("[]", bench.text(state.get("perfdata").orElseThrow()));
        assertEquals(
                bench.time().wall().getEpochSecond(), state.whole("check_time").orElseThrow());
        assertEquals(0, state.whole("status_code").orElseThrow());
    }

    @Test
    void exitCodesAreAnswers() {
        List<String> answers = new ArrayList<>();
        for (int code : new int[] {0, 1, 2, 3}) {
            answers.add(answer(checking("text", code)));
        }
        assertEquals(List.of("OK", "WARNING", "CRITICAL", "UNKNOWN"), answers);
    }

    @Test
    void w30OtherExitCodesAreUnknownAndTold() {
        for (int code : new int[] {4, 5, 99, 137}) {
            Watcher watcher = checking("odd", code);
            Outcome outcome = forced(watcher);
            assertTrue(outcome.announce());
            assertEquals("UNKNOWN", outcome.detail());
            assertEquals("odd", watcher.state().text("output").orElseThrow());
        }
    }

    @Test
    void w30WhyAPluginCannotStartIsItsOutput() {
        Watcher missing = bench.make(type, "{'plugin':'absent'}");
        assertEquals("UNKNOWN", answer(missing));
        assertEquals(
                "there is no program absent", missing.state().text("output").orElseThrow());
        Watcher empty = bench.make(type, "{'plugin':'# nothing'}");
        assertEquals("UNKNOWN", answer(empty));
        assertEquals("the command is empty", empty.state().text("output").orElseThrow());
    }

    @Test
    void w30AStateThatIsNoAnswerLeavesTheAnswer() {
        Watcher watcher = checking("bad", 2);
        assertEquals("CRITICAL", answer(watcher));
        bench.state = "MAINTENANCE";
        watcher.stateChanged(false);
        assertEquals("CRITICAL", watcher.state().text("status").orElseThrow());
        bench.state = "WARNING";
        watcher.stateChanged(true);
        assertEquals("WARNING", watcher.state().text("status").orElseThrow());
    }

    @Test
    void w30OverridesAreTakenAsTheyAre() {
        disk.put("/overrides.json", "{\"machine\":{\"warn\":\"a&b\",\"deep\":{\"n\":5}}}");
        List<List<String>> seen = new ArrayList<>();
        bench.processes.program("cmd", (command, console) -> {
            seen.add(command.argv());
            return 0;
        });
        Watcher watcher = bench.make(
                type,
                "{'plugin':'cmd -w {{ o \\'warn\\' \\'5,5\\' }} -c {{ o \\'crit\\' \\'9,9\\' }} {{o \\'deep.n\\' 1}}'}");
        assertEquals(List.of(), bench.properties.faults());
        answer(watcher);
        assertEquals(List.of(List.of("cmd", "-w", "a&b", "-c", "9,9", "5")), seen);
        assertEquals("cmd -w a&b -c 9,9 5", watcher.state().text("plugin").orElseThrow());
    }

    @Test
    void w30ChecksOfOneMachineHaveTheirOwnSamples() {
        Map<String, List<MetricFiles.Sample>> shown = new LinkedHashMap<>();
        bench.ports.put(MetricFiles.class, new MetricFiles() {
            @Override
            public void show(String file, String owner, List<Sample> samples) {
                shown.put(file + " " + owner, samples);
            }

            @Override
            public void forget(String file, String owner) {
                shown.remove(file + " " + owner);
            }
        });
        Watcher watcher = checking("bad", 2);
        watcher.stateChanged(true);
        String owner = "choria_machine_nagios_watcher_status.prom machine#ginkgo";
        assertEquals("3", shown.get(owner).get(1).value());
        answer(watcher);
        MetricFiles.Sample status = shown.get(owner).get(1);
        assertEquals("choria_machine_nagios_watcher_status", status.name());
        assertEquals(Map.of("name", "machine", "watcher", "ginkgo", "status", "CRITICAL"), status.labels());
        assertEquals("2", status.value());
        watcher.close();
        assertEquals(Map.of(), shown);
    }

    @Test
    void keepsTheLastFifteenChecks() {
        Watcher watcher = checking("fine | a=1", 0);
        for (int i = 0; i < 20; i++) {
            forced(watcher);
        }
        List<Value> history = watcher.state().list("history");
        assertEquals(15, history.size());
        assertEquals(
                "{\"execute\":\"2026-01-01T00:00:00Z\",\"status\":0,"
                        + "\"perfdata\":[{\"unit\":\"\",\"label\":\"a\",\"value\":1}]}",
                bench.text(history.getFirst()));
    }

    @Test
    void firstCheckComesWithinTheSecondInterval() {
        Watcher watcher = checking("fine", 0);
        Outcome start = bench.ask(watcher, Trigger.START);
        assertTrue(start.again().compareTo(bench.interval) >= 0, start.toString());
        assertTrue(start.again().compareTo(bench.interval.multipliedBy(2)) < 0, start.toString());
        assertFalse(bench.ask(watcher, Trigger.INTERVAL).announce());
        bench.tasks.advance(bench.ask(watcher, Trigger.INTERVAL).again());
        Outcome first = bench.ask(watcher, Trigger.WOKEN);
        assertTrue(first.announce());
        assertEquals(bench.interval, first.again());
        assertFalse(bench.ask(watcher, Trigger.STATE_CHANGED).announce());
    }

    @Test
    void withoutIntervalOnlyForcedChecksHappen() {
        bench.interval = Duration.ZERO;
        Watcher watcher = checking("fine", 0);
        assertEquals(null, bench.ask(watcher, Trigger.START).again());
        assertFalse(bench.ask(watcher, Trigger.STATE_CHANGED).announce());
        assertEquals("OK", answer(watcher));
    }

    @Test
    void aTimeOutIsUnknown() {
        bench.processes.program("slow", (command, console) -> {
            bench.tasks.sleep(Duration.ofSeconds(3));
            return 0;
        });
        Watcher watcher = bench.make(type, "{'plugin':'slow'}");
        assertEquals("UNKNOWN", answer(watcher));
        assertEquals("killed after 1s", watcher.state().text("output").orElseThrow());
    }

    @Test
    void aHeartbeatIsTheTime() {
        Watcher watcher = bench.make(type, "{'builtin':'heartbeat'}");
        assertEquals("OK", answer(watcher));
        assertEquals("1767225600", watcher.state().text("output").orElseThrow());
        assertEquals("heartbeat", watcher.state().text("plugin").orElseThrow());
        Watcher odd = bench.make(type, "{'builtin':'odd'}");
        assertEquals("UNKNOWN", answer(odd));
        assertEquals("unsupported builtin \"odd\"", odd.state().text("output").orElseThrow());
    }

    @Test
    void gossIsRunWithTheOverridesAsVariables() {
        disk.put("/overrides.json", "{\"machine\":{\"port\":80}}");
        List<String> argv = new ArrayList<>();
        bench.processes.program("goss", (command, console) -> {
            argv.addAll(command.argv());
            console.out("{\"results\":[],\"summary\":{\"failed-count\":1,\"test-count\":4,"
                    + "\"total-duration\":1500000000,\"summary-line\":\"Count: 4, Failed: 1\"}}");
            return 1;
        });
        Watcher watcher = bench.make(type, "{'builtin':'goss','gossfile':'goss.yaml'}");
        assertEquals("CRITICAL", answer(watcher));
        assertEquals(
                "CRITICAL: Count: 4, Failed: 1|checks=4;; failed=1;; runtime=1.500000s",
                watcher.state().text("output").orElseThrow());
        assertTrue(argv.contains("/node/machines/m/goss.yaml") && argv.contains("{\"port\":80}"), argv.toString());
        bench.processes.program("goss", "no such file", 1);
        assertEquals("UNKNOWN", answer(watcher));
    }
}
