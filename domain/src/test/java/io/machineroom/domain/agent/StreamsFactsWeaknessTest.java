package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Weaknesses of spec streams, section 11, about files that others read. */
final class StreamsFactsWeaknessTest extends AgentFixture {
    private static final String FACTS = "etc/agent/instance.json";
    private static final String STATUS = "etc/agent/state/status.json";

    private void run() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofSeconds(40));
    }

    @Test
    void streamsW27AndAgentsW54TheFactsFileIsWholeWheneverItIsRead() {
        run();
        long before = timestamp();
        tasks.advance(Duration.ofMinutes(11));
        assertTrue(timestamp() > before);
        boolean[] torn = {true};
        disk.beforeEachStep(step -> {
            if (torn[0] && step.startsWith("sync") && step.contains("instance.json")) {
                throw new io.machineroom.ports.PortException.Unavailable("file.disk", "in the middle of it");
            }
        });
        long last = timestamp();
        tasks.advance(Duration.ofMinutes(11));
        disk.crash();
        assertTrue(timestamp() >= last);
    }

    private long timestamp() {
        return json(FACTS)
                .obj("machine_room")
                .orElseThrow()
                .whole("timestamp_seconds")
                .orElseThrow();
    }

    @Test
    void streamsW29TheIdentityStaysInRefreshedFacts() {
        run();
        tasks.advance(Duration.ofMinutes(25));
        Value.Obj room = json(FACTS).obj("machine_room").orElseThrow();
        assertEquals(Optional.of("n1.example.net"), room.text("identity"));
    }

    @Test
    void streamsW40AndAgentsW54TheStatusFileIsReplacedAsAWhole() {
        run();
        disk.beforeEachStep(step -> {
            if (step.startsWith("sync") && step.contains("status.json")) {
                throw new io.machineroom.ports.PortException.Unavailable("file.disk", "in the middle of it");
            }
        });
        tasks.advance(Duration.ofMinutes(2));
        disk.crash();
        assertEquals(Optional.of("n1.example.net"), json(STATUS).text("identity"));
    }
}
