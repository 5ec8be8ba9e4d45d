package io.machineroom.nats;

import io.machineroom.ports.contract.TransportContract;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class NatsTransportIT extends TransportContract {
    private TestSaas saas;
    /** Has its port so that nobody else listens there. */
    private final Socket unheard = new Socket();

    @BeforeEach
    void start() throws InterruptedException, IOException {
        unheard.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        saas = TestSaas.start();
    }

    @AfterEach
    void stop() throws InterruptedException, IOException {
        unheard.close();
        if (saas != null) {
            saas.close();
        }
    }

    @Override
    protected Transport transport() {
        return saas.transport();
    }

    @Override
    protected Endpoint good() {
        return saas.node(TestSaas.ACME, "n1");
    }

    @Override
    protected URI deaf() {
        return URI.create("nats://127.0.0.1:" + unheard.getLocalPort());
    }

    @Override
    protected Optional<Endpoint> untrusted() {
        String other = saas.certificates.pinOf("other");
        Endpoint good = good();
        return Optional.of(new Endpoint(
                good.urls(),
                new TrustPolicy(List.of(other), 0),
                good.credentials(),
                good.clientName(),
                good.connectTimeout()));
    }

    @Override
    protected Endpoint stranger() {
        KeyRole stranger = new KeyRole("account-stranger", KeyRole.Form.NKEY_ACCOUNT);
        saas.keys.ensure(stranger);
        return saas.node(stranger, "n1");
    }
}
