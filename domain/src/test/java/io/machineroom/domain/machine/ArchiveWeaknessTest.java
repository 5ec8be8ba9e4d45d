package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimArtifacts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weaknesses of the original's archive watcher and managers, by their numbers in spec 10.3: none is here. */
final class ArchiveWeaknessTest {
    private static final Path FILE = Path.of("/opt/app/run.sh");

    private final MachineWorld world = new MachineWorld(5);
    private final Value.Obj one = world.node.pack("app", Map.of("run.sh", "one"));
    private final Value.Obj two = world.node.pack("app", Map.of("run.sh", "two"));

    private static Value.Obj properties(Value.Obj entry) {
        return Value.obj(
                        "source", entry.get("source").orElseThrow(),
                        "checksum", entry.get("checksum").orElseThrow())
                .with("target", Value.text("/opt"))
                .with("creates", Value.text("app"));
    }

    private static Value.Obj verified(Value.Obj entry) {
        return properties(entry)
                .with("verify", Value.text("SHA256SUMS"))
                .with("verify_checksum", entry.get("verify_checksum").orElseThrow());
    }

    private void run(Value.Obj properties, String interval) {
        world.write(
                "mine",
                machine("mine", watcher("dl", "archive", "A", properties).with("interval", Value.text(interval))));
        world.advance(Duration.ofSeconds(11));
    }

    private String content() {
        return new String(world.node.disk.content(FILE).orElse(new byte[0]), StandardCharsets.UTF_8);
    }

    private List<String> outcomes() {
        return world.node.sent.stream()
                .map(o -> o.event())
                .filter(e -> e.type().equals("io.choria.machine.watcher.archive.v1.state"))
                .map(e -> e.data().text("previous_outcome").orElse(""))
                .toList();
    }

    @Test
    void w39AFailedUpgradeLeavesWhatIsThere() {
        run(verified(one), "1m");
        assertEquals("one", content());
        world.node.artifacts.lie(URI.create(two.text("source").orElseThrow()), new SimArtifacts.Lie.WrongBytes());
        run(verified(two), "1m");
        assertEquals("error", outcomes().getLast());
        assertEquals("one", content());
    }

    @Test
    void w39AServerThatFailsIsAskedLessAndLess() {
        world.node.artifacts.lie(URI.create(one.text("source").orElseThrow()), new SimArtifacts.Lie.Status(503));
        run(verified(one), "10s");
        world.advance(Duration.ofHours(6));
        int asked = world.node.artifacts.asked().size();
        assertTrue(asked >= 8 && asked < 40, asked + " requests in six hours");
        assertTrue(outcomes().size() > 2_000, "every check is told");
        world.node.artifacts.lie(URI.create(one.text("source").orElseThrow()), new SimArtifacts.Lie.None());
        world.advance(Duration.ofMinutes(61));
        assertEquals("one", content());
        assertEquals("verified", outcomes().getLast());
    }

    @Test
    void w39TheNameInTheArchiveLeadsNowhereElse() {
        for (String creates : List.of("../app", "a/b", "..", ".", "tmp")) {
            run(properties(one).with("creates", Value.text(creates)), "1m");
            assertTrue(world.status("mine").loadError().contains("single name"), creates);
        }
    }

    @Test
    void w41ANewChecksumDeploysWithoutVerify() {
        run(properties(one), "1m");
        assertEquals("one", content());
        run(properties(two), "1m");
        assertEquals("two", content());
    }

    @Test
    void w50TheShippedManagerSetsTheIntervalThatTheWatcherKnows() {
        MachineLibrary.BuiltIn manager = BuiltInMachines.machinesManager(Duration.ofSeconds(30), Duration.ofMinutes(5));
        String text = world.text(manager.manifest());
        assertTrue(text.contains("\"plugin_manage_interval\":\"5m0s\""), text);
        assertTrue(text.contains("\"data_item\":\"machines\"") && text.contains("\"key\":\"machines\""), text);
    }

    @Test
    void w50TheMistypedIntervalOfFieldManagersCounts() {
        mendsAfterFiveMinutes("machine_manage_interval");
    }

    @Test
    void w50TheRightNameWinsOverTheMistypedOne() {
        mendsAfterFiveMinutes("plugin_manage_interval");
    }

    /** A field manager with that property mends a changed file at five minutes; without any it is two. */
    private void mendsAfterFiveMinutes(String property) {
        Value.Obj entry = world.node.pack(
                "mended",
                Map.of(
                        "machine.yaml",
                        world.text(machine("mended", MachineWorld.exec("run", "A", "/bin/true"))),
                        "f",
                        "1"));
        Value.Obj manage = Value.obj("data_item", Value.text("list"), property, Value.text("5m"));
        if (property.startsWith("plugin")) {
            manage = manage.with("machine_manage_interval", Value.text("1m"));
        }
        Value.Obj kv = Value.obj("bucket", Value.text("B"), "key", Value.text("list"), "mode", Value.text("poll"))
                .with("bucket_prefix", Value.bool(false));
        world.put("list", world.node.sign(1, entry));
        world.write(
                "field",
                machine(
                        "field",
                        watcher("get", "kv", "A", kv).with("interval", Value.text("10s")),
                        watcher("manage", "plugins", "A", manage).with("interval", Value.text("2s"))));
        world.advance(Duration.ofMinutes(3));
        String digest = entry.text("verify_checksum").orElseThrow();
        String file = "versions/mended/" + digest + "/f";
        // from one mending to the next is exactly one interval
        world.node.state.replace(file, new byte[] {'x'}, 0644);
        int waited = 0;
        while (!content(file).equals("1") && waited++ < 1_000) {
            world.advance(Duration.ofSeconds(1));
        }
        world.node.state.replace(file, new byte[] {'x'}, 0644);
        int seconds = 0;
        while (!content(file).equals("1") && seconds < 1_000) {
            world.advance(Duration.ofSeconds(1));
            seconds++;
        }
        assertTrue(seconds >= 299 && seconds <= 304, seconds + " s");
    }

    private String content(String file) {
        return new String(world.node.state.read(file, 100).orElse(new byte[0]), StandardCharsets.UTF_8);
    }
}
