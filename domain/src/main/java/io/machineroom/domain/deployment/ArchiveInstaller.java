package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.Signatures;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Brings an archive and unpacks it aside: download with bound and resume, digest, unpack by the rules, sums both ways,
 * sync. What it leaves is one whole verified directory or an exception. One task uses it.
 */
public final class ArchiveInstaller {
    private final FileTree tree;
    private final Signatures signatures;
    private final ArtifactStore artifacts;
    private final ArchiveReader archives;

    public ArchiveInstaller(FileTree tree, Signatures signatures, ArtifactStore artifacts, ArchiveReader archives) {
        this.tree = tree;
        this.signatures = signatures;
        this.artifacts = artifacts;
        this.archives = archives;
    }

    /**
     * What to bring.
     *
     * @param source URL
     * @param username empty for none
     * @param top the archive's only top directory
     * @param checksum SHA-256 hex of the archive
     * @param sumsFile name of the sums file in the top directory; empty for no check of contents
     * @param sumsDigest SHA-256 hex of the sums file; empty for no check of contents
     */
    public record Order(
            String source,
            String username,
            Secret password,
            String top,
            String checksum,
            String sumsFile,
            String sumsDigest) {}

    /**
     * Stages an archive.
     *
     * @param downloads directory of the tree for the download, which stays after {@code Unavailable} to go on
     * @param staging directory of the tree that is emptied first
     * @return the directory in the tree, {@code <staging>/<top>}
     * @throws PortException.Refused {@code archive.checksum}, {@code archive.contents}, {@code archive.entry},
     *     {@code archive.too-large}, {@code archive.too-many}, {@code archive.sums}, {@code archive.url} and those of
     *     {@link ArtifactStore} and {@link ArchiveReader}
     */
    public String stage(Order order, ArchiveLimits limits, String downloads, String staging)
            throws InterruptedException {
        String file = downloads + "/" + order.checksum() + ".tgz";
        tree.makeDirectory(downloads, 0700);
        boolean whole = tree.info(file).isPresent()
                && signatures.sha256(tree.path(file)).equals(order.checksum());
        if (!whole) {
            fetch(order, limits, file);
        }
        String top = staging + "/" + order.top();
        tree.delete(staging);
        tree.makeDirectory(staging, 0700);
        try {
            unpack(order, limits, file, staging);
            verify(top, order.sumsFile(), order.sumsDigest());
            tree.sync(staging);
        } catch (PortException.Refused e) {
            tree.delete(staging);
            tree.delete(file);
            throw e;
        }
        tree.delete(file);
        return top;
    }

    private void fetch(Order order, ArchiveLimits limits, String file) throws InterruptedException {
        URI source;
        try {
            source = new URI(order.source());
        } catch (URISyntaxException e) {
            throw new PortException.Refused("archive.url", "the source of " + order.top() + " is no URL", e);
        }
        Optional<ArtifactStore.Login> login = order.username().isEmpty()
                ? Optional.empty()
                : Optional.of(new ArtifactStore.Login(order.username(), order.password()));
        try {
            artifacts.fetch(source, login, limits.maxArchive(), tree.path(file), atLeast(limits.timeout()));
        } catch (PortException.Refused e) {
            tree.delete(file);
            throw e;
        }
        String got = signatures.sha256(tree.path(file));
        if (!got.equals(order.checksum())) {
            tree.delete(file);
            throw new PortException.Refused(
                    "archive.checksum", "archive checksum " + got + " != " + order.checksum() + " missmatch");
        }
    }

    private static Duration atLeast(Duration timeout) {
        Duration least = Duration.ofSeconds(5);
        return timeout.compareTo(least) < 0 ? least : timeout;
    }

    private void unpack(Order order, ArchiveLimits limits, String file, String staging) {
        long size = tree.info(file).map(FileTree.Info::size).orElse(0L);
        long most = limits.unpacked(size);
        UnpackRules rules = new UnpackRules(order.top(), tree, staging, limits.maxFiles(), most);
        try {
            archives.read(tree.path(file), rules);
        } finally {
            rules.close();
        }
        boolean there = tree.info(staging + "/" + order.top())
                .filter(info -> info.kind() == FileTree.Kind.DIRECTORY)
                .isPresent();
        if (!there) {
            throw new PortException.Refused("archive.contents", "the archive holds no directory " + order.top());
        }
    }

    /**
     * Checks a directory against its sums, both ways.
     *
     * @throws PortException.Refused {@code archive.contents}, {@code archive.sums}
     */
    private void verify(String folder, String sumsFile, String sumsDigest) {
        if (sumsDigest.isEmpty()) {
            return;
        }
        ChecksumManifest.Difference difference = difference(folder, sumsFile, sumsDigest);
        if (!difference.none()) {
            throw new PortException.Refused("archive.contents", "contents did not pass verification: " + difference);
        }
    }

    /**
     * How a directory of the tree differs from its sums.
     *
     * @throws PortException.Refused {@code archive.contents} when the sums are missing or have another digest,
     *     {@code archive.sums}
     */
    public ChecksumManifest.Difference difference(String folder, String sumsFile, String sumsDigest) {
        Optional<byte[]> content = tree.read(folder + "/" + sumsFile, ChecksumManifest.MAX_BYTES);
        if (content.isEmpty()) {
            throw new PortException.Refused(
                    "archive.contents",
                    "checksums file " + sumsFile + " does not exist in the archive (" + folder + ")");
        }
        String got = signatures.sha256(content.get());
        if (!got.equals(sumsDigest)) {
            throw new PortException.Refused(
                    "archive.contents",
                    "checksum file " + sumsFile + " has an invalid checksum \"" + got + "\" != \"" + sumsDigest + "\"");
        }
        Map<String, String> actual = new LinkedHashMap<>();
        for (String name : tree.walk(folder)) {
            if (!name.equals(sumsFile)) {
                boolean plain = tree.info(folder + "/" + name)
                        .filter(info -> info.kind() == FileTree.Kind.FILE)
                        .isPresent();
                actual.put(name, plain ? signatures.sha256(tree.path(folder + "/" + name)) : "not a file");
            }
        }
        return ChecksumManifest.parse(content.get()).compare(actual);
    }
}
