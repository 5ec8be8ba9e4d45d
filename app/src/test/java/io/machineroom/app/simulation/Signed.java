package io.machineroom.app.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Signatures of a simulated world: a digest of key and data, as long as a real one. The real mathematics would be a
 * fifth of all time, and nobody in this world forges. Keys are real, and what carries another signature is checked with
 * the real mathematics, and so refused.
 */
final class Signed {
    private static final byte[] REALM = "simulated signature ".getBytes(US_ASCII);

    private Signed() {}

    static byte[] signature(VerifyKey.Ed25519 key, byte[] data) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(REALM);
            digest.update(key.hexText().getBytes(US_ASCII));
            return digest.digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }

    /** The keys, with cheap signatures; a public key is computed once in the life of a process. */
    static Keyring cheap(Keyring keys) {
        return new Keyring() {
            private final Map<KeyRole, VerifyKey.Ed25519> known = new HashMap<>();

            @Override
            public boolean has(KeyRole role) {
                return keys.has(role);
            }

            @Override
            public VerifyKey.Ed25519 ensure(KeyRole role) {
                VerifyKey.Ed25519 key = keys.ensure(role);
                known.put(role, key);
                return key;
            }

            @Override
            public Optional<VerifyKey.Ed25519> publicKey(KeyRole role) {
                if (!known.containsKey(role)) {
                    keys.publicKey(role).ifPresent(key -> known.put(role, key));
                }
                return Optional.ofNullable(known.get(role));
            }

            @Override
            public Optional<String> publicNkey(KeyRole role) {
                return keys.publicNkey(role);
            }

            @Override
            public byte[] sign(KeyRole role, byte[] data) {
                // without a key the real one says so
                return publicKey(role).map(key -> signature(key, data)).orElseGet(() -> keys.sign(role, data));
            }

            @Override
            public Secret seedForCredentials(KeyRole role) {
                return keys.seedForCredentials(role);
            }

            @Override
            public void erase(KeyRole role) {
                known.remove(role);
                keys.erase(role);
            }
        };
    }
}
