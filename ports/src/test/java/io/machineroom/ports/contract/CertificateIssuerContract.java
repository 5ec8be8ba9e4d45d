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
}
