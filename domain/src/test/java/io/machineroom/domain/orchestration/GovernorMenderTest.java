package io.machineroom.domain.orchestration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Closed;
import io.machineroom.ports.sim.SimWire;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A governor that was left closed is opened by whoever owns the broker, and no sooner than that is safe. */
final class GovernorMenderTest {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofMinutes(1);

    private final GovernorWorld world = new GovernorWorld(3);
    private final GovernorMender mender = new GovernorMender(world.sim.time(), world.meter);

    @BeforeEach
    void begin() {
        world.make(2, LIFE);
        world.sim.fork("mender", () -> {
            while (true) {
                world.sim.sleep(Duration.ofMillis(500));
                overALink();
            }
        });
    }

    private void overALink() throws InterruptedException {
        try (Link line = world.wire.backplaneLink()) {
            while (line.state() == Link.State.CONNECTED) {
                mender.look(line.slots());
                world.sim.sleep(Duration.ofMillis(500));
            }
        } catch (PortException.Unavailable e) {
            world.sim.note("no line: " + e.code());
        }
    }

    private List<Closed> closed() {
        List<List<Closed>> out = new ArrayList<>();
        world.sim.run(() -> out.add(world.wire.backplaneLink().slots().closed()));
        return out.getFirst();
    }

    @Test
    void streamsW51OneThatWasLeftClosedIsOpenWithinAMinuteAndTheLimitIsKept() {
        long theirs = world.broker().enterAs("G", "somebody else");
        world.broker().leaveClosed("G", "killed");
        for (int i = 0; i < 5; i++) {
            world.sim.fork("worker-" + i, () -> world.run(Duration.ofMinutes(5), Duration.ofSeconds(5)));
        }
        assertTrue(world.sim.runUntil(() -> world.most > 0, SOON));
        world.sim.advance(Duration.ofMinutes(2));
        assertEquals(5, world.kinds().stream().filter(k -> k == Turn.Kind.ENTER).count());
        assertEquals(1, world.most, "one of two slots was held all the time");
        world.broker().leaveAs("G", theirs);
        assertEquals(1, world.meter.counter("mr_governors_opened_total"));
    }

    @Test
    void aChangeThatGoesOnIsLeftAlone() {
        world.broker().leaveClosed("G", "first");
        for (int i = 0; i < 20; i++) {
            world.sim.advance(Slots.LONGEST_CHANGE);
            assertEquals(1, closed().size());
            world.broker().leaveClosed("G", "change-" + i);
        }
        assertEquals(0, world.meter.counter("mr_governors_opened_total"));
    }

    @Test
    void aBrokerThatIsAwayIsAskedAgain() {
        world.broker().leaveClosed("G", "killed");
        world.wire.network().cut("backplane", SimWire.SERVER);
        world.sim.advance(SOON);
        world.wire.network().heal("backplane", SimWire.SERVER);
        assertTrue(world.sim.runUntil(() -> world.meter.counter("mr_governors_opened_total") == 1, SOON));
    }

    @Test
    void oneWhoMayNotIsNoHarm() {
        world.broker().leaveClosed("G", "killed");
        world.sim.run(() -> new GovernorMender(world.sim.time(), world.meter)
                .look(world.wire.nodeLink().slots()));
        assertEquals(1, closed().size());
        assertThrows(PortException.Unavailable.class, () -> world.broker().enterAs("G", "x"));
    }
}
