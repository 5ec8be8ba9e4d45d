package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.LifecycleEvent;
import io.machineroom.domain.event.LifecycleEvent.Kind;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Spec streams 7.6, as metrics of the backplane. */
final class TallyTest {
    private final SimTasks tasks = new SimTasks(2);
    private final SimMeter meter = new SimMeter();
    private final Tally tally = new Tally(tasks.time(), meter);

    private static LifecycleEvent event(Kind kind, String component, String version) {
        return new LifecycleEvent(kind, "i", "n", component, 1, Map.of("version", Value.text(version)));
    }

    private static LifecycleEvent governor(String what) {
        return new LifecycleEvent(
                Kind.GOVERNOR,
                "i",
                "n",
                "CLI",
                1,
                Map.of("governor", Value.text("GINKGO"), "event_type", Value.text(what)));
    }

    private double gauge(String version) {
        return meter.gauge("mr_backplane_tally_nodes{component=\"ginkgo\",version=\"" + version + "\"}");
    }

    private long governed(String what) {
        return meter.counter(
                "mr_backplane_tally_governor_total{component=\"CLI\",event=\"" + what + "\",governor=\"GINKGO\"}");
    }

    @Test
    void tal01AndB153KeepsWhatIsAlive() {
        tally.take("a", event(Kind.ALIVE, "ginkgo", "1.2.3"));
        tally.expire();
        assertEquals(1, tally.size());
        assertEquals(1, gauge("1.2.3"));
    }

    @Test
    void tal02ForgetsAfterEightyMinutes() {
        tally.take("a", event(Kind.ALIVE, "ginkgo", "1.2.3"));
        tasks.advance(Duration.ofHours(1));
        tally.expire();
        assertEquals(1, tally.size());
        tasks.advance(Duration.ofMinutes(90));
        tally.expire();
        assertEquals(0, tally.size());
        assertEquals(0, gauge("1.2.3"));
        assertEquals(1, meter.counter("mr_backplane_tally_expired_total"));
    }

    @Test
    void tal04AndB156ForgetsWhatShutDown() {
        tally.take("a", event(Kind.STARTUP, "ginkgo", "1.2.3"));
        assertEquals(1, gauge("1.2.3"));
        tally.take("a", event(Kind.SHUTDOWN, "ginkgo", ""));
        assertEquals(0, tally.size());
        assertEquals(0, gauge("1.2.3"));
    }

    @Test
    void tal05AndB156AShutdownOfAStrangerIsNothing() {
        tally.take("a", event(Kind.SHUTDOWN, "ginkgo", ""));
        assertEquals(0, tally.size());
        assertTrue(Double.isNaN(gauge("")));
    }

    @Test
    void tal07AndB158CountsGovernors() {
        tally.take("a", governor("enter"));
        assertEquals(1, governed("enter"));
        assertEquals(0, governed("exit"));
        tally.take("a", governor("exit"));
        assertEquals(1, governed("enter"));
        assertEquals(1, governed("exit"));
        for (String what : List.of("timeouts", "eviction")) {
            tally.take("a", governor(what));
            assertEquals(1, governed(what));
        }
    }

    @Test
    void tal08ANodeThatSpeaksAgainIsStillOne() {
        tally.take("a", event(Kind.ALIVE, "ginkgo", "1.2.3"));
        tasks.advance(Duration.ofHours(2));
        tally.take("a", event(Kind.ALIVE, "ginkgo", "1.2.3"));
        tally.expire();
        assertEquals(1, tally.size());
        assertEquals(1, gauge("1.2.3"));
    }

    @Test
    void b155AnotherVersionMovesIt() {
        tally.take("a", event(Kind.ALIVE, "ginkgo", "1.2.3"));
        tally.take("b", event(Kind.ALIVE, "ginkgo", "1.2.3"));
        tally.take("a", event(Kind.STARTUP, "ginkgo", "1.2.4"));
        assertEquals(1, gauge("1.2.3"));
        assertEquals(1, gauge("1.2.4"));
    }

    @Test
    void aNodeCannotFillTheMemoryNorTheMetrics() {
        for (int i = 0; i < 1_000; i++) {
            tally.take("a", event(Kind.ALIVE, "c" + i, "1"));
            tally.take("b", event(Kind.ALIVE, "ginkgo", "v" + i));
            tally.take(
                    "a",
                    new LifecycleEvent(Kind.GOVERNOR, "i", "n", "m" + i, 1, Map.of("governor", Value.text("G" + i))));
        }
        assertEquals(
                800,
                meter.counter(
                        "mr_backplane_tally_governor_total{component=\"other\",event=\"other\",governor=\"other\"}"));
        assertEquals(2, tally.size());
        assertEquals(1, meter.gauge("mr_backplane_tally_nodes{component=\"other\",version=\"other\"}"));
    }
}
