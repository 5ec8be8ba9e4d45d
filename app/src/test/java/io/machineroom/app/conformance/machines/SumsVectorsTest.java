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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sums of files and directories, by the numbers of the behaviours. */
final class SumsVectorsTest {
    private static final String SAMPLE = "9f28ca60126cb0c438bc90f6d323efb4abf699f976c18a7a88cdb166e45e22ec";
    private static final String SUMS = "40cb790b7199be45f3116354f87b2bdc3aa520a1eb056aa3608911cf40d1f821";

    private final MachineVectors vectors = MachineVectors.find();
    private final Signatures signatures = new Ed25519Signatures();
    private final ArchiveInstaller installer = new ArchiveInstaller(
            new LocalFileTree(vectors.path("data/archive")),
            signatures,
            (source, login, maxBytes, into, timeout) -> 0,
            new CommonsArchiveReader());

    @Test
    void b082AndB083AGoodDirectoryVerifiesAndABadOneDoesNot() {
        assertTrue(installer.difference("good", "SHA256SUMS", SUMS).none());
        assertEquals(
                List.of("test.txt"),
                installer.difference("bad", "SHA256SUMS", SUMS).changed());
    }

    @Test
    void b079TheSumsFileMustHaveItsDigest() {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> installer.difference("good", "SHA256SUMS", "x"));
        assertEquals(
                "checksum file SHA256SUMS has an invalid checksum \"" + SUMS + "\" != \"x\"", refused.getMessage());
    }

    @Test
    void b164TheDigestOfAText() {
        assertEquals(SAMPLE, signatures.sha256("sample file".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void b165TheDigestOfAFile() {
        assertEquals(SAMPLE, signatures.sha256(vectors.path("data/sums/9f28c.txt")));
    }

    @Test
    void b166AnotherSumIsADifferenceAndNoError() {
        Map<String, String> actual = Map.of("9f28c.txt", signatures.sha256(vectors.path("data/sums/9f28c.txt")));
        assertEquals(
                List.of("9f28c.txt"),
                ChecksumManifest.of(Map.of("9f28c.txt", "x")).compare(actual).changed());
        assertTrue(
                ChecksumManifest.of(Map.of("9f28c.txt", SAMPLE)).compare(actual).none());
    }

    /** What is there of the files that a sums file lists, below the folder of that file. */
    private Map<String, String> there(ChecksumManifest sums) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : sums.sums().keySet()) {
            Path file = vectors.path("data/sums").resolve(name);
            if (Files.isRegularFile(file)) {
                found.put(name, signatures.sha256(file));
            }
        }
        return found;
    }

    @Test
    void b168AGoodSumsFileNamesTwoFilesAndBothAreWhatItSays() {
        ChecksumManifest good = ChecksumManifest.parse(vectors.bytes("data/sums/SHA256SUM.good"));
        assertEquals(2, good.sums().size());
        assertTrue(good.compare(there(good)).none());
    }

    @Test
    void b169ABadSumsFileNamesEverythingThatIsWrong() {
        ChecksumManifest bad = ChecksumManifest.parse(vectors.bytes("data/sums/SHA256SUM.bad"));
        assertEquals(3, bad.sums().size());
        ChecksumManifest.Difference difference = bad.compare(there(bad));
        assertEquals(List.of("9f28c.txt"), difference.changed());
        assertEquals(List.of("other/missing"), difference.missing());
        assertEquals(List.of(), difference.extra());
    }
}
