package io.machineroom.domain.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private final SimTasks tasks = new SimTasks(5);
    private final SimMeter meter = new SimMeter();
    private final List<Supervisor.Fallen> fallen = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Supervisor supervisor =
            new Supervisor(SupervisorSettings.defaults(), tasks, tasks.time(), tasks.entropy(), meter, fallen::add);

    private Service endless(String name) {
        return Service.of(name, () -> {
            try {
                tasks.sleep(Duration.ofDays(1_000));
            } finally {
                history.add(name);
            }
        });
    }

    @Test
    void stopsInTheReverseOrder() {
        supervisor.start(endless("link"));
        supervisor.start(endless("pump"));
        supervisor.start(endless("machines"));
        tasks.advance(Duration.ofSeconds(1));
        assertEquals(List.of("link", "pump", "machines"), supervisor.names());
        tasks.run(() -> supervisor.stop(Duration.ofSeconds(5)));
        assertEquals(List.of("machines", "pump", "link"), history);
    }

    @Test
    void restartsWhatFailsWithGrowingWaitsAndGivesUpAfterTheLimit() {
        List<Long> starts = new ArrayList<>();
        supervisor.start(Service.of("broken", () -> {
            starts.add(tasks.time().ticks() / 1_000_000_000L);
            throw new IllegalStateException("always");
        }));
        tasks.advance(Duration.ofMinutes(30));
        assertEquals(10, starts.size());
        assertTrue(starts.get(9) - starts.get(8) > starts.get(1) - starts.get(0));
        assertEquals(10, meter.counter("mr_service_failures_total{service=\"broken\"}"));
        assertEquals(
                List.of("service.failed"),
                fallen.stream().map(Supervisor.Fallen::code).toList());
    }

    @Test
    void neverRestartsWhatIsDamaged() {
        supervisor.start(Service.of("pump", () -> {
            history.add("started");
            throw new PortException.Corrupted("spool.damaged", "cannot read on");
        }));
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(List.of("started"), history);
        assertEquals("spool.damaged", fallen.getFirst().code());
    }

    @Test
    void letsAServiceFinishButNoLongerThanTheDeadline() {
        long[] ended = {0};
        supervisor.start(new Service() {
            @Override
            public String name() {
                return "stubborn";
            }

            @Override
            public void run() throws InterruptedException {
                try {
                    tasks.sleep(Duration.ofDays(1));
                } finally {
                    ended[0] = tasks.time().ticks();
                }
            }

            @Override
            public boolean finish() {
                return true;
            }
        });
        tasks.advance(Duration.ofSeconds(1));
        long before = tasks.time().ticks();
        tasks.run(() -> supervisor.stop(Duration.ofSeconds(5)));
        assertEquals(Duration.ofSeconds(5), Duration.ofNanos(ended[0] - before));
    }
}
