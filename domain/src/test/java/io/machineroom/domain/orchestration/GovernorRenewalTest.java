package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** W-51 of the streams, over a link that is slow. */
final class GovernorRenewalTest {
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final GovernorWorld world = new GovernorWorld(11);

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void w51ATryThatTakesLongDoesNotOutliveTheSlot() {
        Duration life = seconds(20);
        world.make(1, life);
        world.sim.fork("trouble", () -> {
            world.sim.sleep(seconds(9));
            world.answersAfter = seconds(6);
        });
        world.sim.run(() -> {
            long start = world.sim.time().ticks();
            assertThrows(PortException.Unavailable.class, () -> world.run(PATIENCE, Duration.ofMinutes(30)));
            Duration took = Duration.ofNanos(world.sim.time().ticks() - start);
            assertTrue(took.compareTo(seconds(19)) < 0, took.toString());
        });
    }

    @Test
    void w51ASlotThatCameTooLateIsGivenBack() {
        world.make(2, LIFE);
        world.sim.fork("trouble", () -> {
            world.sim.sleep(seconds(50));
            world.answersAfter = seconds(15);
        });
        world.sim.run(() -> {
            assertEquals("done", world.run(PATIENCE, seconds(70)));
            world.sim.sleep(LIFE.dividedBy(2));
            assertEquals(List.of(), world.broker().view("G"));
        });
    }
}
