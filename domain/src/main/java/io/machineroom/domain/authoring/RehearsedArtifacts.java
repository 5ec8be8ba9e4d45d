package io.machineroom.domain.authoring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Archives and signatures where files are those of a rehearsal. Lists that the script gives in plain are signed here:
 * those signatures hold for every key, all others are judged as ever. One task of virtual time runs at once.
 */
final class RehearsedArtifacts implements ArchiveReader, Signatures {
    private final RehearsedFiles files;
    private final ArchiveReader archives;
    private final Signatures signatures;
    private final Set<String> signed = new HashSet<>();

    RehearsedArtifacts(RehearsedFiles files, ArchiveReader archives, Signatures signatures) {
        this.files = files;
        this.archives = archives;
        this.signatures = signatures;
    }

    @Override
    public void read(Path archive, Visitor visitor) {
        Path origin = files.origin(archive)
                .orElseThrow(() -> new PortException.Refused(
                        "archive.unreadable",
                        archive.getFileName() + " is no readable tar.gz: it is a text of the script"));
        archives.read(origin, visitor);
    }

    /** A signature that this rehearsal takes, whatever the key. */
    byte[] sign(byte[] data) {
        signed.add(sha256(data));
        return mark(data);
    }

    private byte[] mark(byte[] data) {
        return sha256(data).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean verify(VerifyKey.Ed25519 key, byte[] data, byte[] signature) {
        return signed.contains(sha256(data)) && Arrays.equals(mark(data), signature)
                || signatures.verify(key, data, signature);
    }

    @Override
    public boolean verifyRsa(VerifyKey.Rsa key, int shaBits, byte[] data, byte[] signature) {
        return signatures.verifyRsa(key, shaBits, data, signature);
    }

    @Override
    public String sha256(byte[] data) {
        return signatures.sha256(data);
    }

    @Override
    public String sha256(Path file) {
        return files.sha256(file)
                .orElseThrow(() -> new PortException.Refused("file.missing", "there is no file " + file));
    }
}
