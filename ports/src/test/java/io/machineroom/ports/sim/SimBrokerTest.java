package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.contract.BrokerContract;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        return new Broker.Spec("leader", port, home, home, home, "jwt", List.of(), "ASYS");
    }

    @Override
    protected boolean listens(URI url) {
        return broker.listens(url.getPort());
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
