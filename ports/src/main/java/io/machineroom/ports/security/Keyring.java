package io.machineroom.ports.security;

import io.machineroom.ports.Port;
import io.machineroom.ports.data.Secret;
import java.util.Optional;

/**
 * Ed25519 keys by role. Signs; hands out a seed only for the one file format that holds it. Safe from
 * any task.
 */
@Port
public interface Keyring {
    boolean has(KeyRole role);

    /** Makes and durably saves a key where there is none; returns the public key. */
    VerifyKey.Ed25519 ensure(KeyRole role);

    /** The public key; empty when there is no key. */
    Optional<VerifyKey.Ed25519> publicKey(KeyRole role);

    /** The public key in nkey spelling, {@code U…}, {@code A…}, {@code O…}; empty for hex roles. */
    Optional<String> publicNkey(KeyRole role);

    /**
     * Pure Ed25519 over the bytes.
     *
     * @return 64 bytes
     * @throws io.machineroom.ports.PortException.Refused {@code key.missing}
     * @throws io.machineroom.ports.PortException.Corrupted {@code key.damaged}
     */
    byte[] sign(KeyRole role, byte[] data);

    /**
     * The seed in the spelling of its role, only for a decorated credentials file that a NATS tool reads.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code key.missing}
     */
    Secret seedForCredentials(KeyRole role);

    /** Removes a key; no error when absent. */
    void erase(KeyRole role);
}
