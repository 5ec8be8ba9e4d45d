package io.machineroom.app.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates on P-256, by BouncyCastle. Valid from an hour ago: clocks differ. */
public final class BouncyCertificateIssuer implements CertificateIssuer {
    private static final int SERIAL_BYTES = 19;
    private static final Duration BEFORE = Duration.ofHours(1);
    private static final ExtendedKeyUsage SERVER = new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
    /** The brokers of a site connect to each other, and each end shows who it is. */
    private static final ExtendedKeyUsage BOTH_ENDS =
            new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});

    private final TimeSource time;
    private final Entropy entropy;

    public BouncyCertificateIssuer(TimeSource time, Entropy entropy) {
        this.time = time;
        this.entropy = entropy;
    }

    @Override
    public String makeAuthority(Path directory, String name, Duration validity) {
        try {
            KeyPair keys = keys();
            X500Principal subject = principal(name);
            X509v3CertificateBuilder builder = builder(subject, subject, keys.getPublic(), validity);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()));
            byte[] certificate = signed(builder, keys.getPrivate());
            write(
                    directory.resolve("ca.key"),
                    Pem.block("PRIVATE KEY", keys.getPrivate().getEncoded()));
            write(directory.resolve("ca.pem"), Pem.block("CERTIFICATE", certificate));
            return PolicyTrustManager.pin(keys.getPublic().getEncoded());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw broken(e);
        }
    }

    @Override
    public void issueServer(Path authorityDirectory, Path into, List<String> namesAndAddresses, Duration validity) {
        try {
            KeyPair keys = keys();
            String chain = chain(authorityDirectory, keys.getPublic(), namesAndAddresses, validity, SERVER);
            write(
                    into.resolve("server.key"),
                    Pem.block("PRIVATE KEY", keys.getPrivate().getEncoded()));
            write(into.resolve("server.pem"), chain);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw broken(e);
        }
    }

    private String chain(
            Path authorityDirectory,
            PublicKey key,
            List<String> namesAndAddresses,
            Duration validity,
            ExtendedKeyUsage usage)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        if (namesAndAddresses.isEmpty()) {
            throw new IllegalArgumentException("a server certificate needs a name or an address");
        }
        X509Certificate authority =
                Pem.certificates(authorityDirectory.resolve("ca.pem")).getFirst();
        PrivateKey authorityKey = Pem.privateKey(authorityDirectory.resolve("ca.key"));
        X500Principal subject = principal(namesAndAddresses.getFirst());
        X509v3CertificateBuilder builder = builder(authority.getSubjectX500Principal(), subject, key, validity);
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, usage);
        builder.addExtension(Extension.subjectAlternativeName, false, alternatives(namesAndAddresses));
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                identifiers.createAuthorityKeyIdentifier(authority.getPublicKey()));
        return Pem.block("CERTIFICATE", signed(builder, authorityKey))
                + Pem.block("CERTIFICATE", authority.getEncoded());
    }

    @Override
    public String request(Path directory, String name) {
        try {
            Path file = directory.resolve("server.key");
            if (!Files.exists(file)) {
                write(file, Pem.block("PRIVATE KEY", keys().getPrivate().getEncoded()));
            }
            return SigningRequests.make(principal(name), Pem.privateKey(file));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw broken(e);
        }
    }

    @Override
    public String sign(Path authorityDirectory, String requestPem, List<String> namesAndAddresses, Duration validity) {
        PublicKey key = SigningRequests.key(requestPem);
        try {
            return chain(authorityDirectory, key, namesAndAddresses, validity, BOTH_ENDS);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw broken(e);
        }
    }

    @Override
    public void install(Path directory, String chainPem) {
        PrivateKey key = Pem.privateKey(directory.resolve("server.key"));
        SigningRequests.check(chainPem, key);
        write(directory.resolve("server.pem"), chainPem);
    }

    @Override
    public String pin(Path certificatePem) {
        return PolicyTrustManager.pin(
                Pem.certificates(certificatePem).getFirst().getPublicKey().getEncoded());
    }

    @Override
    public List<Instant> expires(Path certificatesPem) {
        return Pem.certificates(certificatesPem).stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .toList();
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Duration validity) {
        Instant now = time.wall();
        BigInteger serial = new BigInteger(1, entropy.bytes(SERIAL_BYTES)).setBit(SERIAL_BYTES * 8 - 1);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(BEFORE)), Date.from(now.plus(validity)), subject, key);
    }

    private static byte[] signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, IOException {
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                .getEncoded();
    }

    /** Escapes what has a meaning in a distinguished name. */
    private static X500Principal principal(String commonName) throws IOException {
        return new X500Principal(new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build()
                .getEncoded());
    }

    private static GeneralNames alternatives(List<String> namesAndAddresses) {
        return new GeneralNames(namesAndAddresses.stream()
                .map(name -> new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    private static void write(Path file, String pem) {
        PrivateFiles.write(file, pem.getBytes(US_ASCII));
    }

    private static PortException broken(Exception e) {
        return new PortException.Unavailable("tls.issue", "could not make the certificate", e);
    }
}
