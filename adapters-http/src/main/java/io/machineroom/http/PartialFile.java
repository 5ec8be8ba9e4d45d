package io.machineroom.http;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that is being downloaded, and beside it ({@code .etag}) the tag of what its beginning belongs to. One task
 * uses it.
 */
final class PartialFile {
    private static final Pattern STRONG = Pattern.compile("\"[\\x21\\x23-\\x7e]{1,200}\"");

    private final Path file;
    private final Path tag;
    private final long maxBytes;

    PartialFile(Path file, long maxBytes) {
        this.file = file;
        this.tag = file.resolveSibling(file.getFileName() + ".etag");
        this.maxBytes = maxBytes;
    }

    /** Bytes that are there already. */
    long size() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw disk(e);
        }
    }

    /** The tag under which the rest can be asked for; empty when the download must begin anew. */
    Optional<String> resumable() {
        long size = size();
        try {
            if (size == 0 || size > maxBytes || !Files.exists(tag) || Files.size(tag) > 256) {
                return Optional.empty();
            }
            String text = new String(Files.readAllBytes(tag), StandardCharsets.UTF_8);
            return Optional.of(text).filter(t -> STRONG.matcher(t).matches());
        } catch (IOException e) {
            throw disk(e);
        }
    }

    /** Throws away what is there and remembers what comes now; without a strong tag it cannot be resumed. */
    void begin(Optional<String> etag) {
        discard();
        Optional<String> strong = etag.filter(t -> STRONG.matcher(t).matches());
        if (strong.isPresent()) {
            try {
                Files.write(tag, strong.get().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw disk(e);
            }
        }
    }

    /** Removes file and tag. */
    void discard() {
        try {
            Files.deleteIfExists(tag);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw disk(e);
        }
    }

    /** All is there: the tag has done its work. */
    void complete() {
        try {
            Files.deleteIfExists(tag);
        } catch (IOException e) {
            throw disk(e);
        }
    }

    /**
     * Appends all of a stream, counting.
     *
     * @throws PortException.Refused {@code artifact.too-large}; nothing is kept
     * @throws PortException.Unavailable {@code artifact.disk}
     * @throws IOException when the stream broke; what came is kept
     */
    void append(InputStream from) throws IOException {
        long size = size();
        byte[] piece = new byte[32 * 1024];
        try (OutputStream out = open()) {
            int read = from.read(piece);
            while (read >= 0) {
                size += read;
                if (size > maxBytes) {
                    discard();
                    throw tooLarge(maxBytes);
                }
                write(out, piece, read);
                read = from.read(piece);
            }
        }
    }

    private OutputStream open() {
        try {
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw disk(e);
        }
    }

    private static void write(OutputStream out, byte[] piece, int length) {
        try {
            out.write(piece, 0, length);
        } catch (IOException e) {
            throw disk(e);
        }
    }

    static PortException.Refused tooLarge(long maxBytes) {
        return new PortException.Refused("artifact.too-large", "the file is larger than " + maxBytes + " bytes");
    }

    private static PortException.Unavailable disk(IOException e) {
        return new PortException.Unavailable(
                "artifact.disk",
                "the download cannot be written: " + e.getClass().getSimpleName(),
                e);
    }
}
