package io.machineroom.domain.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.sim.SimBroker;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.sim.SimTasks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a broker is asked to end. */
final class BrokerKeeperTest {
    private static final Path HOME = Path.of("broker");

    private final SimTasks tasks = new SimTasks(3);
    private final SimBroker broker = new SimBroker(new SimNetwork(tasks));
    private final List<String> ends = new ArrayList<>();

    /** One whose store takes a while to close; whoever does not wait for that has killed it. */
    private final class Slow implements Broker {
        private final Duration closing;

        Slow(Duration closing) {
            this.closing = closing;
        }

        @Override
        public String missing() {
            return broker.missing();
        }

        @Override
        public Running start(Spec spec, Duration patience) {
            return new SlowRunning(broker.start(spec, patience), closing);
        }
    }

    private final class SlowRunning implements Broker.Running {
        private final Broker.Running real;
        private final Duration closing;

        SlowRunning(Broker.Running real, Duration closing) {
            this.real = real;
            this.closing = closing;
        }

        @Override
        public URI url() {
            return real.url();
        }

        @Override
        public long pid() {
            return real.pid();
        }

        @Override
        public boolean alive() {
            return real.alive();
        }

        @Override
        public void admit(Broker.Account account) {
            real.admit(account);
        }

        @Override
        public void reload(Broker.Spec spec, Duration patience) throws InterruptedException {
            real.reload(spec, patience);
        }

        @Override
        public void stop(Duration grace) throws InterruptedException {
            tasks.sleep(grace.compareTo(closing) < 0 ? grace : closing);
            real.stop(Duration.ZERO);
            ends.add(grace.compareTo(closing) < 0 ? "killed" : "closed");
        }
    }

    private Supervisor keeping(Broker kept) {
        Supervisor supervisor =
                new Supervisor(SupervisorSettings.defaults(), tasks, tasks.time(), tasks.entropy(), new SimMeter());
        Broker.Spec spec = new Broker.Spec("leader", 0, HOME, HOME, HOME, "jwt", List.of(), "ASYS", Optional.empty());
        supervisor.start(Service.of("broker", new BrokerKeeper(kept, spec, tasks)));
        tasks.advance(Duration.ofSeconds(2));
        assertTrue(broker.runs(HOME));
        return supervisor;
    }

    /** The original is forced out five seconds after the signal. */
    @Test
    void streamsW61ABrokerThatTakesLongToCloseItsStoreIsNotKilledMeanwhile() {
        Supervisor supervisor = keeping(new Slow(Duration.ofSeconds(15)));
        tasks.run(() -> supervisor.stop(Duration.ofSeconds(30)));
        assertEquals(List.of("closed"), ends, "whoever stops it waits for the end");
    }

    @Test
    void oneThatNeverClosesIsGivenUp() {
        Supervisor supervisor = keeping(new Slow(Duration.ofDays(1)));
        tasks.run(() -> supervisor.stop(Duration.ofSeconds(30)));
        assertEquals(List.of("killed"), ends);
    }
}
