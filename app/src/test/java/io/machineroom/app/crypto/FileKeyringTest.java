package io.machineroom.app.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.KeyringContract;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimTasks;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FileKeyringTest extends KeyringContract {
    private final SimFiles files = SimFiles.fresh(new SimTasks(1));
    private final Keyring keyring = new FileKeyring(files, new SimEntropy(5));

    @Override
    protected Keyring keyring() {
        return keyring;
    }

    @Override
    protected Signatures signatures() {
        return new Ed25519Signatures();
    }

    private String file(String name) {
        return new String(files.read(name, 1_000).orElseThrow(), US_ASCII);
    }

    @Test
    void seedFilesAreWhatChoriaReads() {
        keyring.ensure(KeyRole.IDENTITY);
        keyring.ensure(KeyRole.NATS_USER);
        assertEquals(64, file("server.seed").length());
        assertEquals(58, file("nats.nkey").length());
        assertEquals(0600, files.info("server.seed").orElseThrow().mode());
        assertEquals(0600, files.info("nats.nkey").orElseThrow().mode());
    }

    @Test
    void spellsKeysAsAnIndependentWriterDoes() {
        for (KeyRole role : List.of(
                KeyRole.NATS_USER,
                new KeyRole("a", KeyRole.Form.NKEY_ACCOUNT),
                new KeyRole("o", KeyRole.Form.NKEY_OPERATOR),
                KeyRole.IDENTITY)) {
            SimKeyring other = new SimKeyring(new SimEntropy(9));
            Keyring own = new FileKeyring(SimFiles.fresh(new SimTasks(1)), new SimEntropy(9));
            assertEquals(other.ensure(role), own.ensure(role));
            assertEquals(other.publicNkey(role), own.publicNkey(role));
            assertEquals(other.seedForCredentials(role), own.seedForCredentials(role));
        }
    }

    /** The example pair of the nkeys documentation of NATS. */
    @Test
    void readsAnNkeyOfNats() {
        files.replace(
                "nats.nkey", "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY\n".getBytes(US_ASCII), 0600);
        assertEquals(
                "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4",
                keyring.publicNkey(KeyRole.NATS_USER).orElseThrow());
    }

    @Test
    void acceptsWhiteSpaceBehindASeed() {
        var key = keyring.ensure(KeyRole.IDENTITY);
        files.replace("server.seed", (file("server.seed") + " \r\n\n").getBytes(US_ASCII), 0600);
        assertEquals(key, keyring.publicKey(KeyRole.IDENTITY).orElseThrow());
    }

    @Test
    void damagedSeedsAreNeitherUsedNorReplacedNorShown() {
        keyring.ensure(KeyRole.NATS_USER);
        String good = file("nats.nkey");
        String bad = good.replace(good.charAt(20), good.charAt(20) == 'A' ? 'B' : 'A');
        files.replace("nats.nkey", bad.getBytes(US_ASCII), 0600);
        files.replace("server.seed", "12".repeat(31).getBytes(US_ASCII), 0600);
        for (KeyRole role : List.of(KeyRole.NATS_USER, KeyRole.IDENTITY)) {
            PortException.Corrupted e = assertThrows(PortException.Corrupted.class, () -> keyring.ensure(role));
            assertEquals("key.damaged", e.code());
            assertFalse(e.getMessage().contains(bad) || e.getMessage().contains("1212"));
        }
        assertEquals(bad, file("nats.nkey"));
    }
}
