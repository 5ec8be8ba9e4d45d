package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.CertificateIssuer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link CertificateIssuer} promises. */
public abstract class CertificateIssuerContract {
    @TempDir
    private Path directory;

    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    protected abstract CertificateIssuer issuer();

    private static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    @Test
    void makesAnAuthorityAndItsPin() throws IOException, GeneralSecurityException {
        String pin = issuer().makeAuthority(directory, "Acme, \"Ltd\" + Sons", Duration.ofDays(10));
        X509Certificate authority = certificates(directory.resolve("ca.pem")).getFirst();
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(authority.getPublicKey().getEncoded());
        assertEquals(HexFormat.of().formatHex(digest), pin);
        assertEquals(pin, issuer().pin(directory.resolve("ca.pem")));
        assertEquals(0, authority.getBasicConstraints());
        assertTrue(authority.getKeyUsage()[5]);
        authority.verify(authority.getPublicKey());
        authority.checkValidity();
        assertEquals("EC", authority.getPublicKey().getAlgorithm());
    }

    @Test
    void issuesServersWithNamesAndAddresses() throws IOException, GeneralSecurityException {
        issuer().makeAuthority(directory, "ca", Duration.ofDays(10));
        Path into = directory.resolve("server");
        issuer().issueServer(directory, into, List.of("a.example", "192.0.2.7", "2001:db8::1"), Duration.ofDays(5));
        List<X509Certificate> chain = certificates(into.resolve("server.pem"));
        assertEquals(2, chain.size());
        chain.getFirst().verify(chain.get(1).getPublicKey());
        assertEquals(-1, chain.getFirst().getBasicConstraints());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), chain.getFirst().getExtendedKeyUsage());
        List<String> names = chain.getFirst().getSubjectAlternativeNames().stream()
                .map(entry -> entry.get(0) + "=" + entry.get(1))
                .toList();
        assertEquals(List.of("2=a.example", "7=192.0.2.7", "7=2001:db8:0:0:0:0:0:1"), names);
    }

    @Test
    void serialsAndKeysAreNeverTheSame() throws IOException, GeneralSecurityException {
        issuer().makeAuthority(directory, "ca", Duration.ofDays(10));
        issuer().issueServer(directory, directory.resolve("a"), List.of("a.example"), Duration.ofDays(5));
        issuer().issueServer(directory, directory.resolve("b"), List.of("a.example"), Duration.ofDays(5));
        X509Certificate a = certificates(directory.resolve("a/server.pem")).getFirst();
        X509Certificate b = certificates(directory.resolve("b/server.pem")).getFirst();
        assertNotEquals(a.getSerialNumber(), b.getSerialNumber());
        assertTrue(a.getSerialNumber().signum() > 0 && a.getSerialNumber().bitLength() >= 128);
        assertNotEquals(a.getPublicKey(), b.getPublicKey());
    }

    @Test
    void filesAreForTheOwnerOnly() throws IOException {
        issuer().makeAuthority(directory, "ca", Duration.ofDays(10));
        issuer().issueServer(directory, directory.resolve("s"), List.of("a.example"), Duration.ofDays(5));
        for (String file : List.of("ca.key", "ca.pem", "s/server.key", "s/server.pem")) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))));
        }
    }

    @Test
    void tellsUntilWhenEachIsGood() throws IOException {
        issuer().makeAuthority(directory, "ca", Duration.ofDays(10));
        issuer().issueServer(directory, directory.resolve("s"), List.of("a.example"), Duration.ofDays(5));
        List<Instant> expires = issuer().expires(directory.resolve("s/server.pem"));
        assertEquals(2, expires.size());
        assertEquals(List.of(expires.get(1)), issuer().expires(directory.resolve("ca.pem")));
        assertEquals(
                5,
                Duration.between(expires.get(0), expires.get(1)).plusMinutes(5).toDays());
        Path noise = Files.writeString(directory.resolve("noise"), "noise");
        assertEquals(
                "tls.unreadable",
                assertThrows(PortException.Refused.class, () -> issuer().expires(noise))
                        .code());
    }

    @Test
    void refusesToPinNoise() throws IOException {
        Path noise = Files.writeString(directory.resolve("noise"), "noise");
        for (Path file : List.of(noise, directory.resolve("none"))) {
            PortException.Refused e = assertThrows(PortException.Refused.class, () -> issuer().pin(file));
            assertEquals("tls.unreadable", e.code());
        }
    }

    private Path authority(String name) {
        issuer().makeAuthority(directory.resolve(name), name, Duration.ofDays(10));
        return directory.resolve(name);
    }

    @Test
    void signsARequestForTheNamesOfTheSigner() throws IOException, GeneralSecurityException {
        Path leader = directory.resolve("leader");
        String request = issuer().request(leader, "evil.example");
        String chain =
                issuer().sign(authority("ca"), request, List.of("leader.example", "127.0.0.1"), Duration.ofDays(5));
        issuer().install(leader, chain);
        List<X509Certificate> installed = certificates(leader.resolve("server.pem"));
        assertEquals(2, installed.size());
        installed.getFirst().verify(installed.get(1).getPublicKey());
        assertEquals(
                List.of("2=leader.example", "7=127.0.0.1"),
                installed.getFirst().getSubjectAlternativeNames().stream()
                        .map(entry -> entry.get(0) + "=" + entry.get(1))
                        .toList());
        assertEquals(-1, installed.getFirst().getBasicConstraints());
        assertTrue(installed.getFirst().getSubjectX500Principal().getName().contains("leader.example"));
    }

    /** Brokers of a site connect to each other, and each end shows who it is. */
    @Test
    void w37OnlyWhatIsSignedForALeaderIsGoodAtBothEndsOfARoute() throws IOException, GeneralSecurityException {
        Path authority = authority("ca");
        Path leader = directory.resolve("leader");
        String request = issuer().request(leader, "plant");
        issuer().install(leader, issuer().sign(authority, request, List.of("plant.example"), Duration.ofDays(1)));
        assertEquals(
                List.of(SERVER, CLIENT),
                certificates(leader.resolve("server.pem")).getFirst().getExtendedKeyUsage());
        Path saas = Files.createDirectories(directory.resolve("saas"));
        issuer().issueServer(authority, saas, List.of("saas.example"), Duration.ofDays(1));
        assertEquals(
                List.of(SERVER),
                certificates(saas.resolve("server.pem")).getFirst().getExtendedKeyUsage());
    }

    @Test
    void keepsTheKeyFromRequestToRequest() throws IOException, GeneralSecurityException {
        Path leader = directory.resolve("leader");
        Path authority = authority("ca");
        String first = issuer().request(leader, "a");
        byte[] key = Files.readAllBytes(leader.resolve("server.key"));
        String second = issuer().request(leader, "b");
        assertEquals(List.of(key.length), List.of(Files.readAllBytes(leader.resolve("server.key")).length));
        assertTrue(java.util.Arrays.equals(key, Files.readAllBytes(leader.resolve("server.key"))));
        // an answer to the earlier request fits too: it is the same key
        issuer().install(leader, issuer().sign(authority, second, List.of("a.example"), Duration.ofDays(5)));
        issuer().install(leader, issuer().sign(authority, first, List.of("a.example"), Duration.ofDays(5)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(leader.resolve("server.key"))));
    }

    @Test
    void asksForAKeyThatAnIssuedServerHasAlready() {
        Path authority = authority("ca");
        Path server = directory.resolve("server");
        issuer().issueServer(authority, server, List.of("a.example"), Duration.ofDays(5));
        String request = issuer().request(server, "a.example");
        issuer().install(server, issuer().sign(authority, request, List.of("b.example"), Duration.ofDays(5)));
    }

    @Test
    void refusesARequestWhoseSenderDoesNotProveTheKey() {
        Path authority = authority("ca");
        String good = issuer().request(directory.resolve("a"), "a.example");
        byte[] der = java.util.Base64.getMimeDecoder().decode(good.replaceAll("-----[A-Z ]+-----", ""));
        // the last bytes are the signature
        der[der.length - 3] ^= 1;
        String forged = "-----BEGIN CERTIFICATE REQUEST-----\n"
                + java.util.Base64.getMimeEncoder().encodeToString(der) + "\n-----END CERTIFICATE REQUEST-----\n";
        String cut = good.substring(0, good.length() / 2) + "\n-----END CERTIFICATE REQUEST-----\n";
        for (String bad : List.of(forged, cut, "", "noise", good + good, good + " ".repeat(20_000))) {
            assertEquals(
                    "site.request",
                    assertThrows(
                                    PortException.Refused.class,
                                    () -> issuer().sign(authority, bad, List.of("a.example"), Duration.ofDays(1)))
                            .code());
        }
    }

    @Test
    void installsNoChainOfAnotherKey() throws IOException {
        Path authority = authority("ca");
        String request = issuer().request(directory.resolve("a"), "a.example");
        String chain = issuer().sign(authority, request, List.of("a.example"), Duration.ofDays(5));
        issuer().install(directory.resolve("a"), chain);
        byte[] before = Files.readAllBytes(directory.resolve("a/server.pem"));
        issuer().request(directory.resolve("b"), "b.example");
        assertEquals(
                "tls.unreadable",
                assertThrows(PortException.Refused.class, () -> issuer().install(directory.resolve("b"), chain))
                        .code());
        String leaf = chain.substring(0, chain.indexOf("-----END") + 25);
        String foreign = leaf + "\n" + Files.readString(authority("other").resolve("ca.pem"));
        for (String bad : List.of("", "noise", foreign)) {
            assertEquals(
                    "tls.unreadable",
                    assertThrows(PortException.Refused.class, () -> issuer().install(directory.resolve("a"), bad))
                            .code());
        }
        assertTrue(java.util.Arrays.equals(before, Files.readAllBytes(directory.resolve("a/server.pem"))));
    }
}
