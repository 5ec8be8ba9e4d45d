package io.machineroom.ports.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Builds {@code tar.gz} archives by hand, also such that no honest program would write. */
public final class Tars {
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    public Tars file(String name, int mode, byte[] content) {
        return entry(name, '0', mode, "", content);
    }

    public Tars file(String name, String content) {
        return file(name, 0644, content.getBytes(UTF_8));
    }

    public Tars directory(String name, int mode) {
        return entry(name + "/", '5', mode, "", new byte[0]);
    }

    public Tars link(String name, String target) {
        return entry(name, '2', 0777, target, new byte[0]);
    }

    /** Any kind of entry by its ustar letter. */
    public Tars entry(String name, char kind, int mode, String target, byte[] content) {
        byte[] head = new byte[512];
        put(head, 0, 100, name);
        put(head, 100, 8, String.format(Locale.ROOT, "%07o", mode));
        put(head, 108, 8, "0000000");
        put(head, 116, 8, "0000000");
        put(head, 124, 12, String.format(Locale.ROOT, "%011o", content.length));
        put(head, 136, 12, "00000000000");
        head[156] = (byte) kind;
        put(head, 157, 100, target);
        put(head, 257, 6, "ustar");
        put(head, 263, 2, "00");
        Arrays.fill(head, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : head) {
            sum += b & 0xFF;
        }
        put(head, 148, 7, String.format(Locale.ROOT, "%06o", sum));
        tar.writeBytes(head);
        tar.writeBytes(content);
        tar.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    private static void put(byte[] head, int offset, int width, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > width) {
            throw new IllegalArgumentException("too long for a ustar header: " + text);
        }
        System.arraycopy(bytes, 0, head, offset, bytes.length);
    }

    /** The archive with its end marker, compressed. */
    public byte[] gzip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(tar.toByteArray());
            gzip.write(new byte[1024]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
