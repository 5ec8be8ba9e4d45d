package io.machineroom.domain.watcher;

import static io.machineroom.domain.watcher.Bench.obj;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.LineSender;
import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MetricWatcherTest {
    private static final String OUTPUT =
            "{\"labels\":{\"unique\":\"u\",\"dupe\":\"d\"},\"metrics\":{\"v1\":1.0,\"v2\":1.1}}";

    private final Bench bench = new Bench();
    private final MetricWatcher.Type type = new MetricWatcher.Type();
    private final Map<String, List<MetricFiles.Sample>> shown = new LinkedHashMap<>();

    MetricWatcherTest() {
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
    }

    /** Waits for the first measurement and takes it. */
    private Outcome first(Watcher watcher) {
        bench.tasks.advance(Duration.ofMinutes(1));
        return bench.ask(watcher, Trigger.WOKEN);
    }

    private Watcher measuring(String output, int exitCode, String more) {
        bench.processes.program("cmd", output, exitCode);
        return bench.make(type, "{'command':'cmd'" + more + "}");
    }

    private Value.Obj metrics(Watcher watcher) {
        return watcher.state().obj("metrics").orElseThrow();
    }

    @Test
    void b101PropertiesBeatTheLabelsOfTheCommand() {
        Watcher watcher = measuring(OUTPUT, 0, ",'labels':{'dupe':'w'}");
        Outcome outcome = first(watcher);
        assertTrue(outcome.announce());
        assertInstanceOf(Outcome.Unchanged.class, outcome);
        Value.Obj told = metrics(watcher);
        assertEquals(
                obj("{'dupe':'w','format':'choria','unique':'u'}"),
                told.obj("labels").orElseThrow());
        assertEquals(
                "[choria_runtime_seconds, v1, v2]",
                told.obj("metrics").orElseThrow().fields().keySet().toString());
        long now = bench.time().wall().getEpochSecond();
        assertEquals(now, told.whole("time").orElseThrow());
    }

    @Test
    void b102AndB103PropertiesAreChecked() {
        assertEquals("", bench.fault(type, "{'command':'cmd','interval':'1s','labels':{'test':'label'}}"));
        assertEquals("command is required", bench.fault(type, "{'interval':'500ms'}"));
    }

    @Test
    void b105BeforeTheFirstRunThereIsOnlyARunTime() {
        assertEquals(
                obj("{'labels':{},'metrics':{'choria_runtime_seconds':0.5},'time':0}"),
                Metrics.none().told(0.5));
    }

    @Test
    void nagiosOutputIsReadAsWell() {
        Watcher watcher = measuring("OK | load=0.5;1;2 'a b'=3s", 0, "");
        first(watcher);
        assertEquals(obj("{'format':'nagios'}"), metrics(watcher).obj("labels").orElseThrow());
        assertEquals(
                "[a_b, choria_runtime_seconds, load]",
                metrics(watcher).obj("metrics").orElseThrow().fields().keySet().toString());
    }

    @Test
    void keepsTheRhythmOfItsPropertyFromARandomMoment() {
        Watcher watcher = measuring(OUTPUT, 0, ",'interval':'10s'");
        Outcome early = bench.ask(watcher, Trigger.STATE_CHANGED);
        assertFalse(early.announce());
        bench.tasks.advance(early.again());
        Outcome outcome = bench.ask(watcher, Trigger.WOKEN);
        assertEquals(Duration.ofSeconds(10), outcome.again());
        assertTrue(bench.ask(watcher, Trigger.STATE_CHANGED).announce());
        assertFalse(bench.ask(watcher, Trigger.INTERVAL).announce());
    }

    @Test
    void w28FailureOfAMetricIsAnEventAndATransition() {
        Watcher watcher = measuring("broken", 1, "");
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, first(watcher));
        assertTrue(failed.announce() && failed.fire());
        assertEquals("exec.exit: exit code 1", failed.reason());
        assertInstanceOf(Outcome.Failed.class, first(measuring("{\"metrics\":3}", 0, "")));
        assertInstanceOf(Outcome.Failed.class, first(measuring("{nonsense}", 0, "")));
    }

    @Test
    void w28TheTimeoutIsAProperty() {
        bench.processes.program("slow", (command, console) -> {
            bench.tasks.sleep(Duration.ofSeconds(3));
            console.out(OUTPUT);
            return 0;
        });
        Watcher watcher = bench.make(type, "{'command':'slow'}");
        assertEquals(
                "exec.timeout: killed after 1s",
                assertInstanceOf(Outcome.Failed.class, first(watcher)).reason());
        Watcher patient = bench.make(type, "{'command':'slow','timeout':'5s'}");
        assertInstanceOf(Outcome.Unchanged.class, first(patient));
    }

    @Test
    void w28NullLabelsAndMetricsAreEmpty() {
        Watcher watcher = measuring("{\"labels\":null,\"metrics\":null}", 0, "");
        assertInstanceOf(Outcome.Unchanged.class, first(watcher));
    }

    @Test
    void w28StoredMetricsHoldNoRunTimeAndLeaveThoseOfOthers() {
        bench.data = obj("{'metric':{'other':{'time':1}}}");
        Watcher watcher = measuring(OUTPUT, 0, ",'store':true");
        first(watcher);
        Value.Obj stored = bench.data.obj("metric").orElseThrow();
        assertEquals("[other, ginkgo]", stored.fields().keySet().toString());
        assertEquals(
                "[v1, v2]",
                stored.obj("ginkgo")
                        .orElseThrow()
                        .obj("metrics")
                        .orElseThrow()
                        .fields()
                        .keySet()
                        .toString());
    }

    @Test
    void w28PrometheusNamesTheMachineAndForgetsWhatFailed() {
        Watcher watcher = measuring(OUTPUT, 0, "");
        first(watcher);
        String owner = "choria_machine_metrics_watcher_status.prom machine#ginkgo";
        MetricFiles.Sample sample = shown.get(owner).getFirst();
        assertEquals("choria_machine_metric_watcher_ginkgo_v1", sample.name());
        assertEquals("1.000000", sample.value());
        assertEquals(
                Map.of("machine", "machine", "format", "choria", "unique", "u", "dupe", "d"),
                new TreeMap<>(sample.labels()));
        bench.processes.program("cmd", "", 1);
        first(watcher);
        assertEquals(Map.of(), shown);
        bench.processes.program("cmd", OUTPUT, 0);
        first(watcher);
        watcher.close();
        assertEquals(Map.of(), shown);
        first(measuring(OUTPUT, 0, ",'skip_prometheus':true"));
        assertEquals(Map.of(), shown);
    }

    @Test
    void sendsToGraphiteLineByLine() {
        StringBuilder sent = new StringBuilder();
        bench.ports.put(LineSender.class, (LineSender) (host, port, lines, limit) -> sent.append(host)
                .append(':')
                .append(port)
                .append('\n')
                .append(new String(lines, StandardCharsets.UTF_8)));
        bench.data = obj("{'g':'graphite.example'}");
        Watcher watcher =
                measuring(OUTPUT, 0, ",'graphite_host':'{{ lookup \\'data.g\\' \\'x\\' }}','graphite_port':2003");
        first(watcher);
        long now = bench.time().wall().getEpochSecond();
        assertEquals(
                "graphite.example:2003\nchoria.ginkgo.v1 1.000000 " + now + "\nchoria.ginkgo.v2 1.100000 " + now
                        + "\nchoria.ginkgo.runtime 0.000000 " + now + "\n",
                sent.toString());
        Outcome wrong = first(measuring(OUTPUT, 0, ",'graphite_host':'h','graphite_port':'x'"));
        assertTrue(assertInstanceOf(Outcome.Failed.class, wrong).reason().startsWith("graphite.port"));
    }

    @Test
    void aGraphiteThatIsAwayIsAFailure() {
        bench.ports.put(LineSender.class, (LineSender) (host, port, lines, limit) -> {
            throw new PortException.Unavailable("graphite.unreachable", "nobody listens");
        });
        Outcome away = first(measuring(OUTPUT, 0, ",'graphite_host':'h','graphite_port':2003"));
        assertTrue(assertInstanceOf(Outcome.Failed.class, away).reason().startsWith("graphite.unreachable"));
    }
}
