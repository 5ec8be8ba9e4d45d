package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The state event of every kind of watcher, key by key and in order, as Choria's tools read it. */
final class WatcherEventsTest {
    private final MachineWorld world = new MachineWorld(7);

    private static Value.Obj obj(MachineWorld world, String text) {
        return (Value.Obj) world.node.json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** Subject and data of the newest state event of a kind, with what differs from run to run taken out. */
    private static String newest(MachineWorld world, String kind) {
        List<Outgoing> found = world.node.sent.stream()
                .filter(o -> o.event().type().equals("io.choria.machine.watcher." + kind + ".v1.state"))
                .toList();
        Outgoing event = found.getLast();
        assertEquals(event.event().type(), event.event().data().text("protocol").orElseThrow());
        return event.subject() + " "
                + new String(world.node.json.write(event.event().data()), StandardCharsets.UTF_8)
                        .replace(world.status("mine").id(), "ID")
                        .replaceAll("\"timestamp\":\\d+", "\"timestamp\":T");
    }

    private static String expected(String kind, String own) {
        return "choria.machine.watcher." + kind + ".state {\"protocol\":\"io.choria.machine.watcher." + kind
                + ".v1.state\",\"identity\":\"node1\",\"id\":\"ID\",\"version\":\"1.0.0\",\"timestamp\":T,\"type\":\""
                + kind + "\",\"machine\":\"mine\",\"name\":\"w\"," + own.replace('\'', '"') + "}";
    }

    private record Golden(String kind, String properties, String interval, String own) {}

    private static Stream<Golden> goldens() {
        return Stream.of(
                new Golden(
                        "exec",
                        "{'command':'/bin/true {{ lookup \\'x\\' \\'y\\' }}'}",
                        "10s",
                        "'command':'/bin/true {{ lookup \\'x\\' \\'y\\' }}','previous_outcome':'success',"
                                + "'previous_run_time':0"),
                new Golden("expression", "{'success_when':'true'}", "10s", "'previous_outcome':'success_when'"),
                new Golden(
                        "file",
                        "{'path':'machine.yaml'}",
                        "5s",
                        "'path':'/node/machines/mine/machine.yaml','previous_outcome':'changed'"),
                new Golden(
                        "kv",
                        "{'bucket':'CONFIG','key':'app'}",
                        "10s",
                        "'state':'changed','bucket':'CONFIG','key':'app','mode':'poll'"),
                new Golden(
                        "metric",
                        "{'command':'measure','labels':{'b':'2','a':'1'}}",
                        "",
                        "'metrics':{'labels':{'a':'1','b':'2','format':'nagios'},"
                                + "'metrics':{'choria_runtime_seconds':0,'load':0.5},'time':N}"),
                new Golden(
                        "nagios",
                        "{'plugin':'measure','annotations':{'team':'ops'}}",
                        "5s",
                        "'plugin':'measure','status':'OK','status_code':0,'output':'OK | load=0.5','check_time':N,"
                                + "'perfdata':[{'unit':'','label':'load','value':0.5}],'runtime':0,'history':[H],"
                                + "'annotations':{'team':'ops'}"),
                new Golden("schedule", "{'schedules':'* * * * *','duration':'30s'}", "", "'state':'off'"),
                new Golden(
                        "timer",
                        "{'timer':'30s'}",
                        "",
                        "'state':'stopped','timer':30000000000," + "'reason':'timer.expired: 30s passed'"));
    }

    @TestFactory
    Stream<DynamicTest> everyKindTellsItsFieldsInOrder() {
        return goldens().map(golden -> DynamicTest.dynamicTest(golden.kind, () -> check(golden)));
    }

    private static void check(Golden golden) {
        MachineWorld world = new MachineWorld(7);
        world.processes.program("measure", "OK | load=0.5", 0);
        world.put("app", "v");
        Value.Obj watcher = watcher("w", golden.kind, "A", obj(world, golden.properties));
        world.write(
                "mine",
                machine(
                        "mine",
                        golden.interval.isEmpty() ? watcher : watcher.with("interval", Value.text(golden.interval))));
        world.advance(Duration.ofSeconds(105));
        String told = newest(world, golden.kind)
                .replaceAll("\"(time|check_time)\":\\d+", "\"$1\":N")
                .replaceAll("\"history\":\\[.*?\\],\"annotations\"", "\"history\":[H],\"annotations\"");
        assertEquals(expected(golden.kind, golden.own), told);
    }

    @Test
    void archivesTellTheirSourceWithoutItsLogin() {
        Value.Obj entry = world.node.pack("app", Map.of("run.sh", "echo"));
        Value.Obj properties = Value.obj(
                        "source", entry.get("source").orElseThrow(),
                        "checksum", entry.get("checksum").orElseThrow(),
                        "creates", Value.text("app"))
                .with("target", Value.text("/opt"));
        world.write(
                "mine", machine("mine", watcher("w", "archive", "A", properties).with("interval", Value.text("1m"))));
        world.advance(Duration.ofSeconds(12));
        String source = entry.text("source").orElseThrow();
        assertEquals(
                expected(
                        "archive",
                        "'source':'" + source + "','creates':'app','previous_outcome':'downloaded',"
                                + "'previous_run_time':0"),
                newest(world, "archive"));
    }

    @Test
    void gossipTellsWhatItSaidWhenItIsAsked() {
        Value.Obj gossip = watcher("w", "gossip", "A", obj(world, "{'subject':'a','payload':'b'}"));
        world.write("mine", machine("mine", gossip));
        world.advance(Duration.ofSeconds(20));
        assertEquals(
                expected(
                        "gossip",
                        "'previous_subject':'','previous_payload':'','previous_gossip':-62135596800,"
                                + "'reason':'gossip.unavailable: this build lets no watcher publish messages'"),
                newest(world, "gossip"));
    }

    @Test
    void pluginsAndMachinesNameTheirList() {
        for (String kind : List.of("plugins", "machines")) {
            MachineWorld own = new MachineWorld(7);
            Value.Obj properties = Value.obj("data_item", Value.text("none"));
            own.write(
                    "mine", machine("mine", watcher("w", kind, "A", properties).with("interval", Value.text("10s"))));
            own.advance(Duration.ofSeconds(12));
            assertEquals(
                    expected(
                            kind,
                            "'" + kind + "':[],'previous_outcome':'error','previous_run_time':0,"
                                    + "'reason':'spec.absent: the data item is not present'"),
                    newest(own, kind));
        }
    }

    @Test
    void switchesTellWhetherTheyAreOn() throws InterruptedException {
        Value.Obj press = watcher(
                        "w", "httpswitch", "A", obj(world, "{'annotations':{'room':'1'},'disable_when':['B']}"))
                .with("success_transition", Value.text("go"));
        world.write("mine", machine("mine", press));
        world.advance(Duration.ofSeconds(12));
        Value.Obj request = obj(world, "{'action':'press','name':'mine','watcher':'w','on':true}");
        world.host.desk().handle(request, answer -> assertEquals(Value.obj("success", Value.bool(true)), answer));
        world.advance(Duration.ofSeconds(1));
        assertEquals(
                expected("httpswitch", "'status':'on','is_on':true,'annotations':{'room':'1'}"),
                newest(world, "httpswitch"));
        assertEquals(List.of("A>B"), world.moves("mine"));
        io.machineroom.ports.PortException.Refused refused = org.junit.jupiter.api.Assertions.assertThrows(
                io.machineroom.ports.PortException.Refused.class,
                () -> world.host.desk().handle(request, answer -> {}));
        assertEquals("watcher is not active in B", refused.getMessage());
    }
}
