package io.machineroom.nats;

import io.machineroom.ports.contract.TransportContract;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class NatsTransportIT extends TransportContract {
    private TestSaas saas;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
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
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("nats://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
