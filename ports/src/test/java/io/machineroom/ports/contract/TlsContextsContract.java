package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What {@link TlsContexts} promises. */
public abstract class TlsContextsContract {
    private static final Instant LONG_AGO = Instant.parse("2001-01-01T00:00:00Z");
    private static final String OTHER_PIN = "ab".repeat(32);

    @TempDir
    private Path directory;

    protected abstract TlsContexts tls();

    /** An issuer whose clock stands there. */
    protected abstract CertificateIssuer issuer(Instant now);

    private String authority(Instant now, String name) {
        return issuer(now).makeAuthority(directory.resolve(name), name, Duration.ofDays(3_650));
    }

    private SSLContext server(Instant now, String authority, String... names) {
        Path into = directory.resolve("server-" + authority);
        issuer(now).issueServer(directory.resolve(authority), into, List.of(names), Duration.ofDays(30));
        return tls().server(into.resolve("server.pem"), into.resolve("server.key"));
    }

    private SSLContext client(long newestSigned, String... pins) {
        return tls().client(new TrustPolicy(List.of(pins), newestSigned));
    }

    private static void refused(Executable handshake) {
        assertThrows(SSLException.class, handshake);
    }

    @Test
    void trustsAPinnedAuthority() throws IOException {
        String pin = authority(Instant.now(), "ca");
        SSLContext server = server(Instant.now(), "ca", "backplane.example", "127.0.0.1", "::1");
        String protocol = TlsHandshake.bySocket(server, client(0, OTHER_PIN, pin), "backplane.example");
        assertTrue(List.of("TLSv1.3", "TLSv1.2").contains(protocol), protocol);
        TlsHandshake.bySocket(server, client(0, pin), "127.0.0.1");
        TlsHandshake.byEngine(server, client(0, pin), "backplane.example");
        TlsHandshake.byEngine(server, client(0, pin), "::1");
    }

    @Test
    void refusesAnotherAuthority() {
        String pin = authority(Instant.now(), "ca");
        authority(Instant.now(), "other");
        SSLContext server = server(Instant.now(), "other", "backplane.example");
        refused(() -> TlsHandshake.bySocket(server, client(0, pin), "backplane.example"));
        refused(() -> TlsHandshake.byEngine(server, client(0, pin), "backplane.example"));
    }

    @Test
    void checksTheNameWhoeverConnects() {
        String pin = authority(Instant.now(), "ca");
        SSLContext server = server(Instant.now(), "ca", "backplane.example");
        for (String name : List.of("other.example", "127.0.0.1", "sub.backplane.example")) {
            refused(() -> TlsHandshake.bySocket(server, client(0, pin), name));
            refused(() -> TlsHandshake.byEngine(server, client(0, pin), name));
        }
    }

    @Test
    void judgesDatesByTheNewestSignedTime() throws IOException {
        String pin = authority(LONG_AGO, "ca");
        SSLContext server = server(LONG_AGO, "ca", "backplane.example");
        long inTime = LONG_AGO.plus(Duration.ofDays(3)).getEpochSecond();
        TlsHandshake.bySocket(server, client(inTime, pin), "backplane.example");
        TlsHandshake.bySocket(server, client(0, pin), "backplane.example");
        long after = LONG_AGO.plus(Duration.ofDays(31)).getEpochSecond();
        refused(() -> TlsHandshake.bySocket(server, client(after, pin), "backplane.example"));
        SSLContext early = server(LONG_AGO.plus(Duration.ofDays(900)), "ca", "backplane.example");
        TlsHandshake.bySocket(early, client(inTime, pin), "backplane.example");
    }

    @Test
    void refusesTheKeyOfAServerAsAnAuthority() throws IOException {
        authority(Instant.now(), "ca");
        SSLContext server = server(Instant.now(), "ca", "backplane.example");
        String leaf = issuer(Instant.now()).pin(directory.resolve("server-ca").resolve("server.pem"));
        refused(() -> TlsHandshake.bySocket(server, client(0, leaf), "backplane.example"));
    }

    @Test
    void refusesAChainWithoutItsAuthority() throws IOException {
        String pin = authority(Instant.now(), "ca");
        server(Instant.now(), "ca", "backplane.example");
        Path chain = directory.resolve("server-ca").resolve("server.pem");
        String text = Files.readString(chain);
        String end = "-----END CERTIFICATE-----\n";
        Files.writeString(chain, text.substring(0, text.indexOf(end) + end.length()));
        SSLContext alone = tls().server(chain, directory.resolve("server-ca").resolve("server.key"));
        refused(() -> TlsHandshake.bySocket(alone, client(0, pin), "backplane.example"));
    }

    @Test
    void refusesUnknownAuthoritiesWithoutPins() {
        authority(Instant.now(), "ca");
        SSLContext server = server(Instant.now(), "ca", "backplane.example");
        SSLContext client = tls().client(TrustPolicy.system());
        refused(() -> TlsHandshake.bySocket(server, client, "backplane.example"));
        refused(() -> TlsHandshake.byEngine(server, client, "backplane.example"));
    }

    @Test
    void refusesUnreadableServerFiles() throws IOException {
        authority(Instant.now(), "ca");
        authority(Instant.now(), "other");
        Path pem = directory.resolve("ca/ca.pem");
        Path noise = Files.writeString(directory.resolve("noise"), "noise");
        for (List<Path> pair : List.of(
                List.of(pem, noise),
                List.of(noise, directory.resolve("ca/ca.key")),
                List.of(pem, directory.resolve("none")),
                List.of(pem, directory.resolve("other/ca.key")))) {
            PortException.Refused e =
                    assertThrows(PortException.Refused.class, () -> tls().server(pair.get(0), pair.get(1)));
            assertEquals("tls.unreadable", e.code());
        }
    }
}
