package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JSON that Choria's tools read, key by key. */
final class MachineEventsTest {
    private final MachineWorld world = new MachineWorld(7);

    private String json(String type, int index) {
        List<Outgoing> found = world.node.sent.stream()
                .filter(o -> o.event().type().equals(type))
                .toList();
        Outgoing event = found.get(index);
        String id = world.status("mine").id();
        return event.subject() + " "
                + new String(world.node.json.write(event.event().data()), StandardCharsets.UTF_8).replace(id, "ID");
    }

    @Test
    void areWrittenAsChoriaWritesThem() {
        Value.Obj watcher = exec("run", "A", "/bin/true").with("success_transition", Value.text("go"));
        world.write("mine", machine("mine", watcher, exec("bad", "B", "/bin/false")));
        world.advance(Duration.ofSeconds(75));
        long at = world.node.sent.stream()
                .filter(o -> o.event().type().equals("io.choria.machine.v1.transition"))
                .findFirst()
                .orElseThrow()
                .event()
                .time()
                .getEpochSecond();
        assertEquals(
                "choria.machine.transition {\"protocol\":\"io.choria.machine.v1.transition\",\"identity\":\"node1\","
                        + "\"id\":\"ID\",\"version\":\"1.0.0\",\"timestamp\":" + at + ",\"machine\":\"mine\","
                        + "\"transition\":\"go\",\"from_state\":\"A\",\"to_state\":\"B\"}",
                json("io.choria.machine.v1.transition", 0));
        assertEquals(
                "choria.machine.watcher.exec.state {\"protocol\":\"io.choria.machine.watcher.exec.v1.state\","
                        + "\"identity\":\"node1\",\"id\":\"ID\",\"version\":\"1.0.0\",\"timestamp\":" + at
                        + ",\"type\":\"exec\",\"machine\":\"mine\",\"name\":\"run\",\"command\":\"/bin/true\","
                        + "\"previous_outcome\":\"success\",\"previous_run_time\":0}",
                json("io.choria.machine.watcher.exec.v1.state", 0));
        assertEquals(
                "choria.machine.watcher.exec.state {\"protocol\":\"io.choria.machine.watcher.exec.v1.state\","
                        + "\"identity\":\"node1\",\"id\":\"ID\",\"version\":\"1.0.0\",\"timestamp\":" + at
                        + ",\"type\":\"exec\",\"machine\":\"mine\",\"name\":\"bad\",\"command\":\"/bin/false\","
                        + "\"previous_outcome\":\"error\",\"previous_run_time\":0,\"exit_code\":1,"
                        + "\"reason\":\"exec.exit: exit code 1\"}",
                json("io.choria.machine.watcher.exec.v1.state", 1));
    }
}
