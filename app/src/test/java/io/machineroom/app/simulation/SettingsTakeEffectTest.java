package io.machineroom.app.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What settings do to the product's own plan of wires, from the setting to what the backplane has of it. */
final class SettingsTakeEffectTest {
    private final Scenario scenario = new Scenario(5, new Scenario.Plan(1, 1, 60, 0));

    private NodeBox node(Map<String, String> settings, Runnable furnished) {
        scenario.begin();
        NodeBox node = scenario.world().node("own", Map.of());
        settings.forEach(node::setting);
        furnished.run();
        node.die(false, Duration.ofSeconds(5));
        scenario.world().live(Duration.ofMinutes(2));
        assertTrue(node.ready());
        return node;
    }

    private List<Value.Obj> events(String type) {
        Value.Obj request = Value.obj("command", Value.text("events"), "node", Value.text("own"));
        return scenario.world().saas().ask(request).answers().stream()
                .filter(event -> event.toString().contains(type))
                .toList();
    }

    @Test
    void aFileIsRegisteredOnlyWhereItIsNamed() {
        NodeBox node = node(Map.of(), () -> {});
        assertEquals(List.of(), events("registration_file"));
        node.setting("MR_REGISTRATION_FILE", "own.json");
        node.setting("MR_REGISTRATION_FILE_FORM", "plain");
        node.box().disk().put(node.home().resolve("own.json"), "{\"file\": true}".getBytes(StandardCharsets.UTF_8));
        node.die(false, Duration.ofSeconds(5));
        scenario.world().live(Duration.ofMinutes(2));
        List<Value.Obj> told = events("registration_file");
        assertTrue(!told.isEmpty(), "nothing is told");
        assertTrue(
                told.getFirst().toString().contains("eyJmaWxlIjogdHJ1ZX0="),
                told.getFirst().toString());
    }
}
