package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link Keyring} promises. */
public abstract class KeyringContract {
    private static final byte[] TEXT = "nonce".getBytes(StandardCharsets.UTF_8);
    private static final KeyRole ACCOUNT = new KeyRole("account-one", KeyRole.Form.NKEY_ACCOUNT);
    private static final KeyRole OPERATOR = new KeyRole("operator", KeyRole.Form.NKEY_OPERATOR);

    protected abstract Keyring keyring();

    /** What checks the signatures. */
    protected abstract Signatures signatures();

    @Test
    void makesAKeyOnceAndKeepsIt() {
        assertFalse(keyring().has(KeyRole.IDENTITY));
        assertEquals(Optional.empty(), keyring().publicKey(KeyRole.IDENTITY));
        VerifyKey.Ed25519 made = keyring().ensure(KeyRole.IDENTITY);
        assertTrue(keyring().has(KeyRole.IDENTITY));
        assertEquals(made, keyring().ensure(KeyRole.IDENTITY));
        assertEquals(Optional.of(made), keyring().publicKey(KeyRole.IDENTITY));
    }

    @Test
    void rolesHaveKeysOfTheirOwn() {
        List<VerifyKey.Ed25519> keys = List.of(
                keyring().ensure(KeyRole.IDENTITY),
                keyring().ensure(KeyRole.NATS_USER),
                keyring().ensure(ACCOUNT),
                keyring().ensure(OPERATOR));
        assertEquals(4, keys.stream().distinct().count());
    }

    @Test
    void signsPureEd25519() {
        for (KeyRole role : List.of(KeyRole.IDENTITY, KeyRole.NATS_USER, ACCOUNT)) {
            VerifyKey.Ed25519 key = keyring().ensure(role);
            byte[] signature = keyring().sign(role, TEXT);
            assertEquals(64, signature.length);
            assertTrue(signatures().verify(key, TEXT, signature));
            assertFalse(signatures().verify(key, new byte[1], signature));
        }
    }

    @Test
    void spellsNkeysOfEachKind() {
        keyring().ensure(KeyRole.IDENTITY);
        assertEquals(Optional.empty(), keyring().publicNkey(KeyRole.IDENTITY));
        assertEquals(Optional.empty(), keyring().publicNkey(KeyRole.NATS_USER));
        for (KeyRole role : List.of(KeyRole.NATS_USER, ACCOUNT, OPERATOR)) {
            keyring().ensure(role);
            String letter = switch (role.form()) {
                case NKEY_USER -> "U";
                case NKEY_ACCOUNT -> "A";
                case NKEY_OPERATOR -> "O";
                case HEX_SEED -> "";
            };
            assertTrue(keyring().publicNkey(role).orElseThrow().matches(letter + "[A-Z2-7]{55}"));
            boolean spelled = keyring().seedForCredentials(role).useText(s -> s.matches("S" + letter + "[A-Z2-7]{56}"));
            assertTrue(spelled, role.name());
        }
        boolean hex = keyring().seedForCredentials(KeyRole.IDENTITY).useText(s -> s.matches("[0-9a-f]{64}"));
        assertTrue(hex);
    }

    @Test
    void refusesToSignWithoutAKey() {
        PortException.Refused e =
                assertThrows(PortException.Refused.class, () -> keyring().sign(KeyRole.IDENTITY, TEXT));
        assertEquals("key.missing", e.code());
        e = assertThrows(PortException.Refused.class, () -> keyring().seedForCredentials(KeyRole.NATS_USER));
        assertEquals("key.missing", e.code());
    }

    @Test
    void erasesForGood() {
        VerifyKey.Ed25519 before = keyring().ensure(KeyRole.IDENTITY);
        keyring().erase(KeyRole.IDENTITY);
        keyring().erase(KeyRole.IDENTITY);
        assertFalse(keyring().has(KeyRole.IDENTITY));
        assertNotEquals(before, keyring().ensure(KeyRole.IDENTITY));
    }
}
