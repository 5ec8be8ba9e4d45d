package io.machineroom.ports.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads plain ustar archives, as {@link Tars} writes them, from a {@link SimDisk}. */
public final class SimArchives implements ArchiveReader {
    private final SimDisk disk;

    public SimArchives(SimDisk disk) {
        this.disk = disk;
    }

    @Override
    public void read(Path archive, Visitor visitor) {
        byte[] content = disk.content(archive).orElseThrow(() -> unreadable(archive, "there is none", null));
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(content)))) {
            byte[] head = new byte[512];
            for (in.readFully(head); head[0] != 0; in.readFully(head)) {
                long size = octal(head, 124, 12);
                if (size > content.length * 2_000L) {
                    throw new IOException("a size beyond the archive");
                }
                FileTree.Writer into = visitor.entry(
                        new Entry(text(head, 0, 100), kind((char) head[156]), size, (int) octal(head, 100, 8)));
                byte[] bytes = new byte[(int) size];
                in.readFully(bytes);
                in.readFully(new byte[(int) ((512 - size % 512) % 512)]);
                if (into != null) {
                    into.write(bytes, 0, bytes.length);
                    into.close();
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw unreadable(archive, "damaged", e);
        }
    }

    private static PortException.Refused unreadable(
            Path archive, String why, @org.jspecify.annotations.Nullable Exception cause) {
        String message = archive + " is no readable tar.gz: " + why;
        return cause == null
                ? new PortException.Refused("archive.unreadable", message)
                : new PortException.Refused("archive.unreadable", message, cause);
    }

    private static FileTree.Kind kind(char letter) {
        return switch (letter) {
            case '0', 0 -> FileTree.Kind.FILE;
            case '1', '2' -> FileTree.Kind.LINK;
            case '5' -> FileTree.Kind.DIRECTORY;
            default -> FileTree.Kind.OTHER;
        };
    }

    private static String text(byte[] head, int offset, int width) {
        String all = new String(head, offset, width, UTF_8);
        int end = all.indexOf(0);
        return end < 0 ? all : all.substring(0, end);
    }

    private static long octal(byte[] head, int offset, int width) {
        return Long.parseLong(text(head, offset, width).strip(), 8);
    }
}
