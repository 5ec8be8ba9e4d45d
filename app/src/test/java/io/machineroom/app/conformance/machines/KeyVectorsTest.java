package io.machineroom.app.conformance.machines;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimEntropy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ed25519 keys and their seed files, by the numbers of the behaviours. */
final class KeyVectorsTest {
    private final MachineVectors vectors = MachineVectors.find();
    private final Ed25519Signatures signatures = new Ed25519Signatures();

    /** The texts in code of one row. */
    private List<String> row(String id) {
        String row = vectors.text("BEHAVIOURS.md")
                .lines()
                .filter(line -> line.startsWith("| " + id + " |"))
                .findFirst()
                .orElseThrow();
        return Pattern.compile("`([^`]+)`")
                .matcher(row)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Keyring keyring(Path folder) {
        return new FileKeyring(new LocalFileTree(folder), new SimEntropy(3));
    }

    @Test
    void b172ASeedFileOfTheOriginalSignsAsTheOriginalDoes(@TempDir Path folder) throws IOException {
        List<String> row = row("B-172");
        byte[] message = row.get(1).getBytes(US_ASCII);
        Files.writeString(folder.resolve("server.seed"), row.getFirst());
        Keyring keys = keyring(folder);
        VerifyKey.Ed25519 key = keys.publicKey(KeyRole.IDENTITY).orElseThrow();
        byte[] signature = keys.sign(KeyRole.IDENTITY, message);
        assertEquals(row.get(2), HexFormat.of().formatHex(signature));
        assertTrue(signatures.verify(key, message, signature));
        message[0]++;
        assertFalse(signatures.verify(key, message, signature));
    }

    @Test
    void b173AWrittenSeedFileGivesTheSameKeysAndHoldsHexWithoutALineEnd(@TempDir Path folder) throws IOException {
        VerifyKey.Ed25519 made = keyring(folder).ensure(KeyRole.IDENTITY);
        String content = Files.readString(folder.resolve("server.seed"));
        assertTrue(content.matches("[0-9a-f]{64}"), content);
        Keyring again = keyring(folder);
        assertEquals(made, again.publicKey(KeyRole.IDENTITY).orElseThrow());
        assertEquals(made, again.ensure(KeyRole.IDENTITY), "a key that is there is kept");
        byte[] message = {1, 2, 3};
        assertTrue(signatures.verify(made, message, again.sign(KeyRole.IDENTITY, message)));
        assertEquals(content, Files.readString(folder.resolve("server.seed")));
    }
}
