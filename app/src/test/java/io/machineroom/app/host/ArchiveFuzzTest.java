package io.machineroom.app.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.domain.deployment.ArchiveInstaller;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.fuzz.Fuzz;
import io.machineroom.ports.sim.Tars;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random archives are unpacked into their folder or refused, in bounded time, space and memory. A text describes one: a
 * line is an entry, {@code <kind> <name> <content>}, or {@code !<offset> <byte>} changes the tar (sums of headers are mended, so
 * that the change gets through), or {@code ?<offset> <byte>} the compressed file.
 */
final class ArchiveFuzzTest {
    private static final Set<String> CODES = Set.of(
            "archive.unreadable",
            "archive.entry",
            "archive.contents",
            "archive.sums",
            "archive.too-large",
            "archive.too-many");
    private static final ArchiveLimits LIMITS = new ArchiveLimits(1 << 20, 1 << 16, 50, Duration.ofSeconds(5));
    private static final int BLOCK = 512;

    private final Ed25519Signatures signatures = new Ed25519Signatures();
    private final Fuzz fuzz = new Fuzz("archive", CODES, this::unpack);

    @TempDir
    private Path folder;

    private void unpack(String text) {
        byte[] archive = archive(text);
        Path root = folder.resolve("root");
        LocalFileTree tree = new LocalFileTree(root);
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
        String sums = signatures.sha256(sums().getBytes(UTF_8));
        try {
            installer.stage(
                    new ArchiveInstaller.Order(
                            "https://plugins.example/a.tgz",
                            "",
                            Secret.of(""),
                            "echo",
                            signatures.sha256(archive),
                            "SHA256SUMS",
                            sums),
                    LIMITS,
                    "downloads",
                    "staging");
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        } finally {
            confined(tree);
        }
    }

    /** Nothing beside the root, and in it nothing but the two work folders. */
    private void confined(LocalFileTree tree) {
        Set<String> beside = new java.util.TreeSet<>(new LocalFileTree(folder).list(""));
        if (!beside.equals(Set.of("root")) || !Set.of("downloads", "staging").containsAll(tree.list(""))) {
            throw new IllegalStateException("an archive left its folder: " + beside + tree.list(""));
        }
    }

    private String sums() {
        return signatures.sha256("x".getBytes(UTF_8)) + "  machine.yaml\n";
    }

    private byte[] archive(String text) {
        Tars tars = new Tars();
        for (String line : text.split("\n")) {
            if (!line.isEmpty() && line.charAt(0) != '!' && line.charAt(0) != '?') {
                String[] parts = line.split(" ", 3);
                String content = parts.length < 3 ? "" : parts[2].equals("S") ? sums() : parts[2];
                tars.entry(name(parts), (char) (line.charAt(0) & 0x7f), 0644, "", content.getBytes(UTF_8));
            }
        }
        byte[] tar = change(gunzip(tars.gzip()), text, '!');
        mendSums(tar);
        return change(gzip(tar), text, '?');
    }

    private static String name(String[] parts) {
        String name = parts.length < 2 ? "" : parts[1];
        return name.length() > 30 ? name.substring(0, 30) : name;
    }

    private static byte[] change(byte[] bytes, String text, char mark) {
        for (String line : text.split("\n")) {
            if (line.matches("\\" + mark + "\\d{1,8} \\d{1,3}")) {
                String[] parts = line.substring(1).split(" ");
                bytes[Integer.parseInt(parts[0]) % bytes.length] = (byte) Integer.parseInt(parts[1]);
            }
        }
        return bytes;
    }

    private static void mendSums(byte[] tar) {
        for (int at = 0; at + BLOCK <= tar.length; at += BLOCK) {
            if (new String(tar, at + 257, 5, UTF_8).equals("ustar")) {
                Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
                int sum = 0;
                for (int i = at; i < at + BLOCK; i++) {
                    sum += tar[i] & 0xff;
                }
                byte[] digits = String.format(Locale.ROOT, "%06o", sum).getBytes(UTF_8);
                System.arraycopy(digits, 0, tar, at + 148, digits.length);
                tar[at + 154] = 0;
            }
        }
    }

    private static byte[] gunzip(byte[] bytes) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Test
    void survivesRandomArchives() throws IOException {
        fuzz.run();
    }

    @Test
    void survivesWhatWasKept() throws IOException {
        fuzz.replay();
    }
}
