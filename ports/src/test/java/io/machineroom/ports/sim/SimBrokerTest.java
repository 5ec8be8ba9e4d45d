package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.contract.BrokerContract;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SimBrokerTest extends BrokerContract {
    private final SimTasks sim = new SimTasks(10);
    private final SimBroker broker = new SimBroker(new SimNetwork(sim));

    @Override
    protected void within(Tasks.Body body) {
        sim.run(body);
    }

    @Override
    protected Broker broker() {
        return broker;
    }

    @Override
    protected Broker.Spec spec(int port) {
        Path home = Path.of("broker");
        return new Broker.Spec("leader", port, home, home, home, "jwt", List.of(), "ASYS", Optional.empty());
    }

    @Override
    protected boolean listens(URI url) {
        return broker.listens(url.getPort());
    }

    @Test
    void w37BeginsEmptyOnceItRanAsOneOfAClusterOrWasRetired() throws InterruptedException {
        within(() -> {
            Path home = Path.of("broker");
            BrokerCluster three = new BrokerCluster(
                    "acme-plant",
                    1,
                    9224,
                    "route",
                    Secret.of("x"),
                    List.of(
                            new BrokerCluster.Route(1, "leader", 9224),
                            new BrokerCluster.Route(2, "two", 9224),
                            new BrokerCluster.Route(3, "three", 9224)));
            broker.start(spec(0), Duration.ZERO);
            broker.store(home).ensureBucket("CONFIG");
            broker.kill(home);
            broker.start(spec(0).within(new Broker.Membership(three, "plant-1", home)), Duration.ZERO);
            broker.kill(home);
            broker.start(spec(0), Duration.ZERO);
            assertThrows(
                    PortException.Unavailable.class, () -> broker.store(home).bucket("CONFIG"));
            broker.store(home).ensureBucket("CONFIG");
            broker.kill(home);
            broker.retire(home);
            broker.start(spec(0), Duration.ZERO);
            assertThrows(
                    PortException.Unavailable.class, () -> broker.store(home).bucket("CONFIG"));
        });
    }

    @Test
    void keepsWhatItStoredUntilItsDirectoryIsLost() throws InterruptedException {
        within(() -> {
            broker.start(spec(0), Duration.ZERO);
            broker.store(Path.of("broker")).ensureBucket("CONFIG");
            broker.kill(Path.of("broker"));
            assertFalse(broker.runs(Path.of("broker")));
            assertEquals(
                    0, broker.store(Path.of("broker")).bucket("CONFIG").keys().size());
            broker.lose(Path.of("broker"));
            assertThrows(
                    PortException.Unavailable.class,
                    () -> broker.store(Path.of("broker")).bucket("CONFIG"));
        });
    }

    @Test
    void standsAtItsHostWhenItListensOnAllAddresses() throws InterruptedException {
        SimNetwork network = new SimNetwork(sim);
        network.name("leader.example", "l1");
        SimBroker own = new SimBroker(network, "l1");
        Path home = Path.of("broker");
        within(() -> {
            own.start(
                    new Broker.Spec("0.0.0.0", 9222, home, home, home, "jwt", List.of(), "ASYS", Optional.empty()),
                    Duration.ZERO);
            assertTrue(network.server(network.resolve("f1", "leader.example")).isPresent());
            assertTrue(network.server(network.resolve("l1", "localhost")).isPresent());
            assertTrue(network.server(network.resolve("f1", "localhost")).isEmpty());
        });
    }

    @Test
    void cannotStartWhatIsNotInstalled() {
        broker.uninstall("install it");
        assertEquals(
                "broker.missing",
                assertThrows(PortException.Unavailable.class, () -> broker.start(spec(0), Duration.ZERO))
                        .code());
    }
}
