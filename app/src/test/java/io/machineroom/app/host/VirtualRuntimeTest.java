package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.contract.TasksContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Virtual time keeps the promises of tasks, and does not take any. */
final class VirtualRuntimeTest extends TasksContract {
    private final VirtualRuntime world = new VirtualRuntime(Instant.parse("2026-01-01T00:00:00Z"), 1);

    @Override
    protected Tasks tasks() {
        return world;
    }

    @Override
    protected TimeSource time() {
        return world;
    }

    @Override
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    @Test
    void aDayPassesInOrder() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        world.fork("hours", () -> {
            while (true) {
                world.sleep(Duration.ofHours(1));
                seen.add("h" + world.wall().toString().substring(11, 13));
            }
        });
        world.advance(Duration.ofHours(24).plusMinutes(1));
        assertEquals(24, seen.size());
        assertEquals("h00", seen.getLast());
    }

    @Test
    void aCircleWithoutAWaitEndsTheAdvance() {
        world.fork("ping", () -> {
            while (true) {
                world.sleep(Duration.ZERO);
            }
        });
        assertThrows(IllegalStateException.class, () -> world.advance(Duration.ofDays(1)));
    }
}
