package io.machineroom.app.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.machineroom.ports.contract.TlsContextsContract;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.sim.SimEntropy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PinnedTlsTest extends TlsContextsContract {
    @Override
    protected TlsContexts tls() {
        return new PinnedTls();
    }

    @Override
    protected CertificateIssuer issuer(Instant now) {
        return new BouncyCertificateIssuer(at(now), new SimEntropy(1));
    }

    /** The manager of PKIX names in its aliases the store that it opens again for handshakes, with 10,000 rounds of a hash. */
    @Test
    void aServersKeyIsTakenOutOfItsStoreOnce(@TempDir Path directory) {
        CertificateIssuer issuer = issuer(Instant.parse("2026-01-01T00:00:00Z"));
        issuer.makeAuthority(directory, "test CA", Duration.ofDays(9));
        issuer.issueServer(directory, directory, List.of("localhost"), Duration.ofDays(9));
        KeyManager[] managers = PinnedTls.keys(directory.resolve("server.pem"), directory.resolve("server.key"));
        X509ExtendedKeyManager manager = assertInstanceOf(X509ExtendedKeyManager.class, managers[0]);
        assertArrayEquals(new String[] {"own"}, manager.getServerAliases("EC", null));
        assertSame(manager.getPrivateKey("own"), manager.getPrivateKey("own"));
    }

    static TimeSource at(Instant now) {
        return new TimeSource() {
            @Override
            public Instant wall() {
                return now;
            }

            @Override
            public long ticks() {
                return 0;
            }
        };
    }
}
