package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.host.CommonsArchiveReader;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.domain.deployment.ArchiveInstaller;
import io.machineroom.domain.deployment.ChecksumManifest;
import io.machineroom.ports.PortException;
import io.machineroom.ports.security.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Behaviours B-079 to B-083 and B-164 to B-169 of the corpus. */
final class SumsVectorsTest {
    private static final String SUMS = "40cb790b7199be45f3116354f87b2bdc3aa520a1eb056aa3608911cf40d1f821";

    private final MachineVectors vectors = MachineVectors.find();
    private final Signatures signatures = new Ed25519Signatures();
    private final ArchiveInstaller installer = new ArchiveInstaller(
            new LocalFileTree(vectors.path("data/archive")),
            signatures,
            (source, login, maxBytes, into, timeout) -> 0,
            new CommonsArchiveReader());

    @Test
    void aGoodDirectoryVerifiesAndABadOneDoesNot() {
        assertTrue(installer.difference("good", "SHA256SUMS", SUMS).none());
        assertEquals(
                List.of("test.txt"),
                installer.difference("bad", "SHA256SUMS", SUMS).changed());
    }

    @Test
    void theSumsFileMustHaveItsDigest() {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> installer.difference("good", "SHA256SUMS", "x"));
        assertEquals(
                "checksum file SHA256SUMS has an invalid checksum \"" + SUMS + "\" != \"x\"", refused.getMessage());
    }

    @Test
    void theDigestOfAText() {
        assertEquals(
                "9f28ca60126cb0c438bc90f6d323efb4abf699f976c18a7a88cdb166e45e22ec",
                signatures.sha256("sample file".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBadSumsFileNamesWhatIsWrong() {
        ChecksumManifest good = ChecksumManifest.parse(vectors.bytes("data/sums/SHA256SUM.good"));
        assertEquals(2, good.sums().size());
        ChecksumManifest bad = ChecksumManifest.parse(vectors.bytes("data/sums/SHA256SUM.bad"));
        Map<String, String> there = Map.of(
                "9f28c.txt", signatures.sha256(vectors.path("data/sums/9f28c.txt")),
                "dir/x.txt", signatures.sha256(vectors.path("data/sums/dir/x.txt")));
        ChecksumManifest.Difference difference = bad.compare(there);
        assertEquals(List.of("9f28c.txt"), difference.changed());
        assertEquals(List.of("other/missing"), difference.missing());
        assertEquals(List.of(), difference.extra());
    }
}
