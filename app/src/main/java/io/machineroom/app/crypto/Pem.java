package io.machineroom.app.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.machineroom.ports.PortException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM blocks: certificates, PKCS#8 keys, public keys. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final int MAX_FILE_BYTES = 1 << 20;

    private Pem() {}

    static String block(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** The certificates of a file, at least one. */
    static List<X509Certificate> certificates(Path file) {
        return certificates(text(file), file.toString());
    }

    /** The certificates of a text, at least one. */
    static List<X509Certificate> certificates(String pem) {
        return certificates(pem, "the text");
    }

    private static List<X509Certificate> certificates(String pem, String where) {
        try {
            List<X509Certificate> out = new ArrayList<>();
            for (byte[] der : blocks(pem, "CERTIFICATE")) {
                out.add(certificate(der));
            }
            if (out.isEmpty()) {
                throw new PortException.Refused("tls.unreadable", "no certificate in " + where);
            }
            return out;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PortException.Refused("tls.unreadable", "no certificate in " + where, e);
        }
    }

    /** The PKCS#8 key of a file, of whatever algorithm. The causes are left out: they could quote it. */
    static PrivateKey privateKey(Path file) {
        try {
            for (byte[] der : blocks(text(file), "PRIVATE KEY")) {
                for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
                    Optional<PrivateKey> key = privateKey(algorithm, der);
                    if (key.isPresent()) {
                        return key.get();
                    }
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PortException.Refused("tls.unreadable", "no private key in " + file);
        }
        throw new PortException.Refused("tls.unreadable", "no unencrypted PKCS#8 private key in " + file);
    }

    private static Optional<PrivateKey> privateKey(String algorithm, byte[] der) throws GeneralSecurityException {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (InvalidKeySpecException another) {
            return Optional.empty();
        }
    }

    /** The key of a {@code PUBLIC KEY} or {@code CERTIFICATE} block. */
    static PublicKey publicKey(String pem) throws GeneralSecurityException {
        try {
            for (byte[] der : blocks(pem, "CERTIFICATE")) {
                return certificate(der).getPublicKey();
            }
            for (byte[] der : blocks(pem, "PUBLIC KEY")) {
                return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("not base64", e);
        }
        throw new InvalidKeySpecException("no public key in the PEM text");
    }

    private static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static List<byte[]> blocks(String text, String label) {
        List<byte[]> out = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                out.add(Base64.getMimeDecoder().decode(matcher.group(2)));
            }
        }
        return out;
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IOException("larger than " + MAX_FILE_BYTES + " bytes");
            }
            return new String(Files.readAllBytes(file), US_ASCII);
        } catch (IOException e) {
            throw new PortException.Refused("tls.unreadable", "cannot read " + file, e);
        }
    }
}
