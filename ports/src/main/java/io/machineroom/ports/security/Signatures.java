package io.machineroom.ports.security;

import io.machineroom.ports.Port;
import java.nio.file.Path;

/** Checks signatures and makes digests. Stateless; safe from any task. Never throws for a bad signature. */
@Port
public interface Signatures {
    /** Pure Ed25519. */
    boolean verify(VerifyKey.Ed25519 key, byte[] data, byte[] signature);

    /** RSA PKCS#1 v1.5 with SHA-256, SHA-384 or SHA-512. */
    boolean verifyRsa(VerifyKey.Rsa key, int shaBits, byte[] data, byte[] signature);

    /** SHA-256 in lower-case hex. */
    String sha256(byte[] data);

    /**
     * SHA-256 of a file in lower-case hex.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code file.missing}
     */
    String sha256(Path file);
}
