package io.machineroom.ports.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Real certificates, written by hand on top of the JDK, into real files: TLS takes nothing less. */
public final class SimCertificates implements CertificateIssuer {
    private static final byte[] SERVER = SimDer.sequence(SimDer.oid("1.3.6.1.5.5.7.3.1"));
    private static final byte[] BOTH_ENDS =
            SimDer.sequence(SimDer.oid("1.3.6.1.5.5.7.3.1"), SimDer.oid("1.3.6.1.5.5.7.3.2"));
    private static final byte[] ECDSA = SimDer.sequence(SimDer.oid("1.2.840.10045.4.3.2"));

    private final TimeSource time;
    private final Entropy entropy;

    public SimCertificates(TimeSource time, Entropy entropy) {
        this.time = time;
        this.entropy = entropy;
    }

    @Override
    public String makeAuthority(Path directory, String name, Duration validity) {
        try {
            KeyPair keys = keys();
            byte[] subject = SimDer.name(name);
            byte[] extensions = SimDer.sequence(
                    extension("2.5.29.19", SimDer.sequence(SimDer.truth(), SimDer.integer(BigInteger.ZERO))),
                    extension("2.5.29.15", SimDer.bits(1, new byte[] {0x06})));
            byte[] body = body(subject, subject, keys.getPublic(), extensions, validity);
            write(directory.resolve("ca.pem"), pem("CERTIFICATE", signed(body, keys.getPrivate())));
            write(
                    directory.resolve("ca.key"),
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            return new SimSignatures().sha256(keys.getPublic().getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void issueServer(Path authorityDirectory, Path into, List<String> namesAndAddresses, Duration validity) {
        try {
            KeyPair keys = keys();
            String chain = chain(authorityDirectory, keys.getPublic(), namesAndAddresses, validity, SERVER);
            write(
                    into.resolve("server.key"),
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            write(into.resolve("server.pem"), chain);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String chain(
            Path authorityDirectory, PublicKey key, List<String> namesAndAddresses, Duration validity, byte[] usage)
            throws GeneralSecurityException, IOException {
        X509Certificate authority =
                certificates(authorityDirectory.resolve("ca.pem")).getFirst();
        byte[][] names = new byte[namesAndAddresses.size()][];
        for (int i = 0; i < names.length; i++) {
            String name = namesAndAddresses.get(i);
            boolean address = name.contains(":") || name.matches("[0-9.]+");
            names[i] = address
                    ? SimDer.tagged(0x87, InetAddress.getByName(name).getAddress())
                    : SimDer.tagged(0x82, name.getBytes(US_ASCII));
        }
        byte[] extensions = SimDer.sequence(
                extension("2.5.29.15", SimDer.bits(7, new byte[] {(byte) 0x80})),
                extension("2.5.29.37", usage),
                extension("2.5.29.17", SimDer.sequence(names)));
        byte[] subject = SimDer.name(namesAndAddresses.getFirst());
        byte[] body = body(authority.getSubjectX500Principal().getEncoded(), subject, key, extensions, validity);
        byte[] certificate = signed(body, privateKey(authorityDirectory.resolve("ca.key")));
        return pem("CERTIFICATE", certificate) + pem("CERTIFICATE", authority.getEncoded());
    }

    @Override
    public String request(Path directory, String name) {
        try {
            Path file = directory.resolve("server.key");
            if (!Files.exists(file)) {
                write(file, pem("PRIVATE KEY", keys().getPrivate().getEncoded()));
            }
            PrivateKey key = privateKey(file);
            return pem("CERTIFICATE REQUEST", signed(SimRequests.body(name, key), key));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String sign(Path authorityDirectory, String requestPem, List<String> namesAndAddresses, Duration validity) {
        PublicKey key = SimRequests.key(requestPem);
        try {
            return chain(authorityDirectory, key, namesAndAddresses, validity, BOTH_ENDS);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void install(Path directory, String chainPem) {
        List<X509Certificate> chain = certificates(chainPem.getBytes(US_ASCII), "the text");
        try {
            PrivateKey key = privateKey(directory.resolve("server.key"));
            if (!SimRequests.publicKey(key).equals(chain.getFirst().getPublicKey())) {
                throw new GeneralSecurityException("another key");
            }
            for (int i = 1; i < chain.size(); i++) {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            }
            write(directory.resolve("server.pem"), chainPem);
        } catch (GeneralSecurityException e) {
            throw new PortException.Refused("tls.unreadable", "chain and key do not belong together", e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String pin(Path certificatePem) {
        return new SimSignatures()
                .sha256(certificates(certificatePem).getFirst().getPublicKey().getEncoded());
    }

    @Override
    public List<Instant> expires(Path certificatesPem) {
        return certificates(certificatesPem).stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .toList();
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private byte[] body(byte[] issuer, byte[] subject, PublicKey key, byte[] extensions, Duration validity) {
        return SimDer.sequence(
                SimDer.tagged(0xA0, SimDer.integer(BigInteger.TWO)),
                SimDer.integer(new BigInteger(1, entropy.bytes(19)).setBit(151)),
                ECDSA,
                issuer,
                SimDer.sequence(
                        SimDer.time(time.wall().minusSeconds(3_600)),
                        SimDer.time(time.wall().plus(validity))),
                subject,
                key.getEncoded(),
                SimDer.tagged(0xA3, extensions));
    }

    private static byte[] extension(String oid, byte[] content) {
        return SimDer.sequence(SimDer.oid(oid), SimDer.truth(), SimDer.tagged(0x04, content));
    }

    private static byte[] signed(byte[] body, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(body);
        return SimDer.sequence(body, ECDSA, SimDer.bits(0, signature.sign()));
    }

    private static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    private static void write(Path file, String pem) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, pem);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    static List<X509Certificate> certificates(Path file) {
        try {
            return certificates(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new PortException.Refused("tls.unreadable", "cannot read " + file, e);
        }
    }

    private static List<X509Certificate> certificates(byte[] pem, String where) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new GeneralSecurityException("no certificate");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new PortException.Refused("tls.unreadable", "no certificate in " + where, e);
        }
    }

    static PrivateKey privateKey(Path file) {
        try {
            String base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
            return KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new PortException.Refused("tls.unreadable", "no private key in " + file, e);
        }
    }
}
