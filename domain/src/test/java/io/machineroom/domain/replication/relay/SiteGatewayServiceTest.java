package io.machineroom.domain.replication.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** When a site's gateway is open. */
final class SiteGatewayServiceTest {
    private final RelayWorld world = new RelayWorld(1 << 20);
    private final Certificates certificates = new Certificates();

    /** Certificates that come when a test lets them. */
    private static final class Certificates implements TlsContexts {
        private boolean there;
        private final List<Path> shown = new ArrayList<>();

        @Override
        public SSLContext client(TrustPolicy policy) {
            throw new IllegalStateException("nobody connects");
        }

        @Override
        public SSLContext server(Path certificateChain, Path privateKey) {
            if (!there) {
                throw new PortException.Refused("tls.unreadable", "no certificate yet");
            }
            shown.add(certificateChain);
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private SiteGatewayService service() {
        SiteGatewayPorts p = world.ports();
        return new SiteGatewayService(
                world.settings,
                new SiteGatewayPorts(
                        p.gateway(),
                        certificates,
                        p.upstream(),
                        p.files(),
                        p.signatures(),
                        p.json(),
                        p.tasks(),
                        p.time(),
                        p.meter()));
    }

    @Test
    void opensWhenTheCertificateIsThereAndAnewWhenItIsRenewed() {
        SiteGatewayService service = service();
        world.tasks.run(() -> {
            var task = world.tasks.fork("gateway", service::run);
            world.tasks.sleep(Duration.ofSeconds(10));
            assertEquals(0, service.port());
            assertTrue(service.lastFault().startsWith("tls.unreadable"), service.lastFault());
            certificates.there = true;
            world.tasks.sleep(Duration.ofSeconds(5));
            int port = service.port();
            assertNotEquals(0, port);
            assertEquals("", service.lastFault());
            assertEquals(200, ask(port).status());
            service.renewed();
            world.tasks.sleep(Duration.ofSeconds(5));
            assertEquals(port, service.port());
            assertEquals(2, certificates.shown.size());
            assertEquals(200, ask(port).status());
            task.cancel();
            world.tasks.sleep(Duration.ofSeconds(1));
            assertEquals(0, service.port());
        });
    }

    private Gateway.Response ask(int port) throws InterruptedException {
        return world.net.exchange(
                java.net.URI.create("https://leader:" + port),
                "GET",
                "/v1/desired/CONFIG/machines",
                Map.of("authorization", "Bearer good"),
                new byte[0]);
    }
}
