package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keys in memory, drawn from the simulated randomness; the signatures are real. */
public final class SimKeyring implements Keyring {
    private final Entropy entropy;
    private final Map<KeyRole, Held> keys = new LinkedHashMap<>();

    public SimKeyring(Entropy entropy) {
        this.entropy = entropy;
    }

    private record Held(byte[] seed, byte[] publicBytes, KeyPair pair) {}

    /** Puts a key of one's choice in place, 32 bytes. */
    public VerifyKey.Ed25519 put(KeyRole role, byte[] seed) {
        Held held = derive(seed);
        keys.put(role, held);
        return hex(held);
    }

    private static Held derive(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(255, new FixedRandom(seed));
            KeyPair pair = generator.generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] publicBytes = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            return new Held(seed.clone(), publicBytes, pair);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static VerifyKey.Ed25519 hex(Held held) {
        return VerifyKey.hex(HexFormat.of().formatHex(held.publicBytes));
    }

    private Held held(KeyRole role) {
        Held held = keys.get(role);
        if (held == null) {
            throw new PortException.Refused("key.missing", "there is no key " + role.name());
        }
        return held;
    }

    @Override
    public boolean has(KeyRole role) {
        return keys.containsKey(role);
    }

    @Override
    public VerifyKey.Ed25519 ensure(KeyRole role) {
        return hex(keys.computeIfAbsent(role, r -> derive(entropy.bytes(32))));
    }

    @Override
    public Optional<VerifyKey.Ed25519> publicKey(KeyRole role) {
        return Optional.ofNullable(keys.get(role)).map(SimKeyring::hex);
    }

    @Override
    public Optional<String> publicNkey(KeyRole role) {
        if (role.form() == KeyRole.Form.HEX_SEED) {
            return Optional.empty();
        }
        return Optional.ofNullable(keys.get(role))
                .map(held -> SimNkey.encode(new byte[] {(byte) SimNkey.prefix(role.form())}, held.publicBytes));
    }

    @Override
    public byte[] sign(KeyRole role, byte[] data) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(held(role).pair.getPrivate());
            signer.update(data);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Secret seedForCredentials(KeyRole role) {
        byte[] seed = held(role).seed;
        if (role.form() == KeyRole.Form.HEX_SEED) {
            return Secret.of(HexFormat.of().formatHex(seed));
        }
        int kind = SimNkey.prefix(role.form());
        return Secret.of(SimNkey.encode(new byte[] {(byte) (0x90 | kind >> 5), (byte) ((kind & 31) << 3)}, seed));
    }

    @Override
    public void erase(KeyRole role) {
        keys.remove(role);
    }

    /** Gives the generator the seed it is to use: the JDK has no public-from-private. */
    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        FixedRandom(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
