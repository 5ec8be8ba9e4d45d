package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** Real signatures by the JDK; slower than the ones of the host, and otherwise the same. */
public final class SimSignatures implements Signatures {
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    @Override
    public boolean verify(VerifyKey.Ed25519 key, byte[] data, byte[] signature) {
        byte[] encoded = new byte[44];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, 12);
        System.arraycopy(key.bytes(), 0, encoded, 12, 32);
        try {
            PublicKey publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            return check("Ed25519", publicKey, data, signature);
        } catch (GeneralSecurityException notAKey) {
            return false;
        }
    }

    @Override
    public boolean verifyRsa(VerifyKey.Rsa key, int shaBits, byte[] data, byte[] signature) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(key.pem().replaceAll("-----[^\n]*-----", ""));
            PublicKey publicKey = key.pem().contains("CERTIFICATE")
                    ? CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(key.pem().getBytes(StandardCharsets.US_ASCII)))
                            .getPublicKey()
                    : KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
            return check("SHA" + shaBits + "withRSA", publicKey, data, signature);
        } catch (GeneralSecurityException | IllegalArgumentException notAKey) {
            return false;
        }
    }

    private static boolean check(String algorithm, PublicKey key, byte[] data, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key);
        verifier.update(data);
        return verifier.verify(signature);
    }

    @Override
    public String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String sha256(Path file) {
        try {
            return sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new PortException.Refused("file.missing", "there is no readable file " + file, e);
        }
    }
}
