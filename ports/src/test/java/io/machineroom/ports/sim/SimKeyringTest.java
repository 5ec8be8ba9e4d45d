package io.machineroom.ports.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.contract.KeyringContract;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class SimKeyringTest extends KeyringContract {
    private final SimKeyring keyring = new SimKeyring(new SimEntropy(1));

    @Override
    protected Keyring keyring() {
        return keyring;
    }

    @Override
    protected Signatures signatures() {
        return new SimSignatures();
    }

    /** RFC 8032, section 7.1, TEST 1. */
    @Test
    void derivesThePublicKeyOfTheRfc() {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        assertEquals(
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                keyring.put(KeyRole.IDENTITY, seed).hexText());
    }
}
