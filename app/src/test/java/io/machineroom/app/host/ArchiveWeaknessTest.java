package io.machineroom.app.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.domain.deployment.ArchiveInstaller;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.sim.Tars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weakness W-40 of the original's unpacking is not here. */
final class ArchiveWeaknessTest {
    private final Ed25519Signatures signatures = new Ed25519Signatures();

    @TempDir
    private Path folder;

    @Test
    void w40TakesTheGlobalHeaderOfGitAndDotsInNames() throws InterruptedException {
        String sums = signatures.sha256("x".getBytes(UTF_8)) + "  a..b\n";
        byte[] archive = new Tars()
                .entry(
                        "pax_global_header",
                        'g',
                        0666,
                        "",
                        "52 comment=0123456789012345678901234567890123456789\n".getBytes(UTF_8))
                .directory("echo", 0755)
                .file("echo/a..b", "x")
                .file("echo/SHA256SUMS", sums)
                .gzip();
        LocalFileTree tree = new LocalFileTree(folder);
        ArchiveInstaller installer = new ArchiveInstaller(
                tree,
                signatures,
                (source, login, maxBytes, into, timeout) -> {
                    try {
                        Files.write(into, archive);
                        return archive.length;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                new CommonsArchiveReader());
        String staged = installer.stage(
                new ArchiveInstaller.Order(
                        "https://plugins.example/a.tgz",
                        "",
                        Secret.of(""),
                        "echo",
                        signatures.sha256(archive),
                        "SHA256SUMS",
                        signatures.sha256(sums.getBytes(UTF_8))),
                ArchiveLimits.defaults(),
                "downloads",
                "staging");
        assertEquals("x", new String(tree.read(staged + "/a..b", 10).orElseThrow(), UTF_8));
    }
}
