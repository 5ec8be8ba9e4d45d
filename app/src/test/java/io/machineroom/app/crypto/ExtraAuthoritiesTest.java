package io.machineroom.app.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.TlsHandshake;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimEntropy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CA of the operator's own counts where an enrolment pins none, and nowhere else. */
final class ExtraAuthoritiesTest {
    private final CertificateIssuer issuer =
            new BouncyCertificateIssuer(PinnedTlsTest.at(Instant.now()), new SimEntropy(1));

    @TempDir
    Path directory;

    private SSLContext server;

    @BeforeEach
    void authorities() {
        issuer.makeAuthority(directory.resolve("own"), "own", Duration.ofDays(30));
        issuer.makeAuthority(directory.resolve("other"), "other", Duration.ofDays(30));
        Path into = directory.resolve("server");
        issuer.issueServer(directory.resolve("own"), into, List.of("saas.example"), Duration.ofDays(3));
        server = new PinnedTls().server(into.resolve("server.pem"), into.resolve("server.key"));
    }

    private PinnedTls trusting(Path file) {
        return new PinnedTls(new ExtraAuthorities(Optional.of(file)));
    }

    private SSLContext client(String authority) {
        return trusting(directory.resolve(authority).resolve("ca.pem")).client(TrustPolicy.system());
    }

    @Test
    void trustsAServerOfTheFilesAuthority() throws IOException {
        assertEquals("TLSv1.3", TlsHandshake.bySocket(server, client("own"), "saas.example"));
        assertThrows(SSLException.class, () -> TlsHandshake.bySocket(server, client("own"), "other.example"));
    }

    @Test
    void readsSeveralAuthoritiesFromOneFile() throws IOException {
        Path both = directory.resolve("both.pem");
        Files.writeString(
                both,
                Files.readString(directory.resolve("other/ca.pem"))
                        + Files.readString(directory.resolve("own/ca.pem")));
        assertEquals(
                "TLSv1.3", TlsHandshake.bySocket(server, trusting(both).client(TrustPolicy.system()), "saas.example"));
    }

    @Test
    void refusesServersOfAnotherAuthority() {
        assertThrows(SSLException.class, () -> TlsHandshake.bySocket(server, client("other"), "saas.example"));
    }

    @Test
    void pinsAreNotWidenedByTheFile() {
        TrustPolicy pinned = new TrustPolicy(List.of(issuer.pin(directory.resolve("other/ca.pem"))), 0);
        SSLContext client = trusting(directory.resolve("own/ca.pem")).client(pinned);
        assertThrows(SSLException.class, () -> TlsHandshake.bySocket(server, client, "saas.example"));
    }

    @Test
    void saysWhichFileHoldsNoCertificate() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> trusting(empty).client(TrustPolicy.system()));
        assertEquals("tls.unreadable", refused.code());
    }
}
