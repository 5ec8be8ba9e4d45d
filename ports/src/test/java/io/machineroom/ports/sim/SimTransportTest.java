package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.TransportContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SimTransportTest extends TransportContract {
    private final SimWire wire = new SimWire(new SimTasks(8));

    @Override
    protected void within(Tasks.Body body) {
        wire.sim().run(body);
    }

    @Override
    protected Transport transport() {
        return SimTransport.nats(wire.network(), "node");
    }

    @Override
    protected Endpoint good() {
        wire.network().pin(SimWire.SERVER, "a".repeat(64));
        Endpoint node = wire.node();
        return new Endpoint(
                node.urls(),
                new TrustPolicy(List.of("a".repeat(64)), 0),
                node.credentials(),
                node.clientName(),
                node.connectTimeout());
    }

    @Override
    protected URI deaf() {
        return URI.create("tls://nowhere:4222");
    }

    @Override
    protected Optional<Endpoint> untrusted() {
        good();
        return Optional.of(wire.node());
    }

    @Override
    protected Endpoint stranger() {
        wire.network().shutOut(SimWire.NODE);
        return good();
    }

    @Test
    void aRestartLosesTheLinksThatStand() {
        within(() -> {
            Link link = wire.nodeLink();
            wire.network().restart(SimWire.SERVER);
            assertEquals(Link.State.LOST, link.state());
            assertEquals(Link.State.CONNECTED, wire.nodeLink().state());
        });
    }

    @Test
    void aCutWayCostsTheTimeOutAndTheLink() {
        within(() -> {
            Link link = wire.nodeLink();
            wire.network().cut("node", SimWire.SERVER);
            long before = wire.sim().time().ticks();
            assertThrows(
                    PortException.Unavailable.class, () -> link.bucket("CONFIG").get("machines"));
            assertEquals(SimLink.PATIENCE, Duration.ofNanos(wire.sim().time().ticks() - before));
            assertEquals(Link.State.LOST, link.state());
            wire.network().heal("node", SimWire.SERVER);
            assertEquals(Link.State.LOST, link.state());
        });
    }

    @Test
    void delayIsPaidInBothDirections() {
        within(() -> {
            Link link = wire.nodeLink();
            wire.network().delay(Duration.ofMillis(40));
            long before = wire.sim().time().ticks();
            link.bucket("CONFIG").get("machines");
            assertEquals(
                    Duration.ofMillis(80), Duration.ofNanos(wire.sim().time().ticks() - before));
        });
    }

    @Test
    void letsInOnlyWhomTheGuardAdmits() {
        within(() -> {
            wire.network().guard(SimWire.SERVER, who -> false);
            assertEquals(
                    "link.unauthorized",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> transport().connect(good()))
                            .code());
            wire.network().guard(SimWire.SERVER, who -> who instanceof Endpoint.Credentials.Node);
            transport().connect(good()).close();
        });
    }
}
