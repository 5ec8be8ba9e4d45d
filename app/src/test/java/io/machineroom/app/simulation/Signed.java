package io.machineroom.app.simulation;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Signatures that were made in this world: they are known to be good, and checking each with the real mathematics
 * would be a tenth of all time. What was not made here, or was changed, is checked.
 */
final class Signed {
    private static final int REMEMBERED = 10_000;

    private final Set<Box.Question> made = new LinkedHashSet<>();

    boolean made(Box.Question question) {
        return made.contains(question);
    }

    private void note(VerifyKey.Ed25519 key, byte[] data, byte[] signature) {
        made.add(new Box.Question(key, ByteBuffer.wrap(data.clone()), ByteBuffer.wrap(signature.clone())));
        if (made.size() > REMEMBERED) {
            made.remove(made.iterator().next());
        }
    }

    Keyring noting(Keyring keys) {
        return new Keyring() {
            @Override
            public boolean has(KeyRole role) {
                return keys.has(role);
            }

            @Override
            public VerifyKey.Ed25519 ensure(KeyRole role) {
                return keys.ensure(role);
            }

            @Override
            public Optional<VerifyKey.Ed25519> publicKey(KeyRole role) {
                return keys.publicKey(role);
            }

            @Override
            public Optional<String> publicNkey(KeyRole role) {
                return keys.publicNkey(role);
            }

            @Override
            public byte[] sign(KeyRole role, byte[] data) {
                byte[] signature = keys.sign(role, data);
                keys.publicKey(role).ifPresent(key -> note(key, data, signature));
                return signature;
            }

            @Override
            public Secret seedForCredentials(KeyRole role) {
                return keys.seedForCredentials(role);
            }

            @Override
            public void erase(KeyRole role) {
                keys.erase(role);
            }
        };
    }
}
