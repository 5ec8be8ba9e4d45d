package io.machineroom.app.crypto;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Checks of signatures: Ed25519 by BouncyCastle, several times faster than the JDK's, RSA by the JDK.
 *
 * <p>Keys of small order are refused: with them anybody can make signatures. RSA keys have 2048 to 8192 bits.
 */
public final class Ed25519Signatures implements Signatures {
    private static final int SIGNATURE_BYTES = 64;

    @Override
    public boolean verify(VerifyKey.Ed25519 key, byte[] data, byte[] signature) {
        byte[] point = key.bytes();
        if (signature.length != SIGNATURE_BYTES || !Ed25519.validatePublicKeyFull(point, 0)) {
            return false;
        }
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, new Ed25519PublicKeyParameters(point, 0));
        verifier.update(data, 0, data.length);
        return verifier.verifySignature(signature);
    }

    @Override
    public boolean verifyRsa(VerifyKey.Rsa key, int shaBits, byte[] data, byte[] signature) {
        if (shaBits != 256 && shaBits != 384 && shaBits != 512) {
            return false;
        }
        try {
            PublicKey publicKey = Pem.publicKey(key.pem());
            if (!(publicKey instanceof RSAPublicKey rsa)
                    || rsa.getModulus().bitLength() < 2_048
                    || rsa.getModulus().bitLength() > 8_192) {
                return false;
            }
            Signature verifier = Signature.getInstance("SHA" + shaBits + "withRSA");
            verifier.initVerify(publicKey);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }

    @Override
    public String sha256(byte[] data) {
        return HexFormat.of().formatHex(digest().digest(data));
    }

    @Override
    public String sha256(Path file) {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new PortException.Refused("file.missing", "there is no readable file " + file, e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
