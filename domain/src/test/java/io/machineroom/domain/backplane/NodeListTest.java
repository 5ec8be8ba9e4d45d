package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is enrolled, as what, and for how long nothing was heard of whom. */
final class NodeListTest {
    private final OfficeWorld world = new OfficeWorld(53);
    private final SimMeter meter = new SimMeter();
    private final NodeDirectory directory = new NodeDirectory(world.log, world.files, world.json, world.tasks.time());
    private final IngestPorts ports =
            new IngestPorts(world.tasks, world.tasks.time(), world.tasks.entropy(), meter, world.json, world.format);
    private final NodeList list =
            new NodeList(world.office.register(), directory, world.office.book().sites(), ports);

    private Origin enrol(String site, String identity) {
        Origin node = new Origin("acme", site, identity, "U" + identity);
        world.office
                .register()
                .put(new EnrolledNode(
                        node,
                        identity.repeat(8),
                        "0".repeat(64),
                        "1.0.0",
                        world.now().getEpochSecond(),
                        Value.obj()));
        return node;
    }

    private List<String> rows(Duration staleAfter, boolean staleOnly) {
        List<String> out = new ArrayList<>();
        list.tell(
                staleAfter,
                staleOnly,
                row -> out.add(row.text("identity").orElseThrow() + " "
                        + row.text("role").orElseThrow() + " "
                        + row.whole("silent_seconds").orElseThrow() + " "
                        + row.bool("stale").orElseThrow()));
        return out;
    }

    private void hear(Origin node) {
        world.tasks.run(
                () -> world.ingest.submit(List.of(IngestWorld.event(node, IngestWorld.epoch(1), null, 1, "e1")), true));
    }

    @Test
    void tellsRolesAndSilence() {
        world.site("acme", "plant", "a");
        Origin a = enrol("plant", "a");
        enrol("plant", "b");
        enrol("hall", "c");
        world.tasks.fork("directory", directory);
        world.tasks.advance(Duration.ofMinutes(10));
        hear(a);
        world.tasks.advance(Duration.ofSeconds(301));
        assertEquals(
                List.of("a leader 301 false", "b follower 901 true", "c lone 901 true"),
                rows(NodeList.STALE_AFTER, false));
        assertEquals(List.of("b follower 901 true", "c lone 901 true"), rows(NodeList.STALE_AFTER, true));
        assertEquals(List.of(), rows(Duration.ofSeconds(901), true));
        assertEquals(3, rows(Duration.ofMinutes(5), true).size());
    }

    @Test
    void measuresTheStaleOnes() {
        enrol("", "a");
        enrol("", "b");
        world.tasks.fork("stale", list);
        world.tasks.advance(Duration.ofMinutes(1));
        assertEquals(0.0, meter.gauge("mr_backplane_nodes_stale"));
        world.tasks.advance(NodeList.STALE_AFTER);
        assertEquals(2.0, meter.gauge("mr_backplane_nodes_stale"));
    }

    @Test
    void countsNoSilenceBackwardsWhenTheClockDoes() {
        enrol("", "a");
        world.tasks.jumpWall(Duration.ofDays(-2));
        assertEquals(List.of("a lone 0 false"), rows(NodeList.STALE_AFTER, false));
    }
}
