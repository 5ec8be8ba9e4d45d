package io.machineroom.ports.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.sim.Tars;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What {@link ArchiveReader} promises. */
public abstract class ArchiveReaderContract {
    protected abstract ArchiveReader reader();

    /** Puts bytes where the reader finds them. */
    protected abstract Path store(byte[] archive);

    private List<String> read(byte[] archive) {
        List<String> seen = new ArrayList<>();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        reader().read(store(archive), entry -> {
            seen.add(
                    entry.kind() + " " + entry.name() + " " + entry.size() + " " + Integer.toOctalString(entry.mode()));
            if (entry.kind() != FileTree.Kind.FILE) {
                return null;
            }
            return new FileTree.Writer() {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    content.write(bytes, offset, length);
                }

                @Override
                public void close() {
                    seen.add("closed " + content.toString(UTF_8));
                    content.reset();
                }
            };
        });
        return seen;
    }

    @Test
    void handsOutEveryEntryInOrder() {
        byte[] archive = new Tars()
                .directory("echo", 0755)
                .file("echo/machine.yaml", 0644, "name: echo".getBytes(UTF_8))
                .file("echo/empty", "")
                .link("echo/link", "../../etc/passwd")
                .entry("echo/fifo", '6', 0600, "", new byte[0])
                .entry("echo/device", '3', 0600, "", new byte[0])
                .gzip();
        assertEquals(
                List.of(
                        "DIRECTORY echo/ 0 755",
                        "FILE echo/machine.yaml 10 644",
                        "closed name: echo",
                        "FILE echo/empty 0 644",
                        "closed ",
                        "LINK echo/link 0 777",
                        "OTHER echo/fifo 0 600",
                        "OTHER echo/device 0 600"),
                read(archive));
    }

    @Test
    void judgesNoNames() {
        assertEquals(
                List.of("FILE ../../up 1 644", "closed x", "FILE /abs 1 644", "closed y"),
                read(new Tars().file("../../up", "x").file("/abs", "y").gzip()));
    }

    @Test
    void readsLargeFilesInPieces() {
        byte[] large = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(large);
        long[] seen = new long[1];
        Path archive = store(new Tars().file("large", 0600, large).gzip());
        reader().read(archive, entry -> new FileTree.Writer() {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                assertTrue(Arrays.equals(large, (int) seen[0], (int) seen[0] + length, bytes, offset, offset + length));
                seen[0] += length;
            }

            @Override
            public void close() {
                assertEquals(large.length, seen[0]);
            }
        });
        assertEquals(large.length, seen[0]);
    }

    @Test
    void whatTheVisitorThrowsEndsIt() {
        Path archive = store(new Tars().file("a", "1").file("b", "2").gzip());
        List<String> seen = new ArrayList<>();
        PortException.Refused e = assertThrows(
                PortException.Refused.class,
                () -> reader().read(archive, entry -> {
                    seen.add(entry.name());
                    throw new PortException.Refused("archive.rule", "not allowed");
                }));
        assertEquals("archive.rule", e.code());
        assertEquals(List.of("a"), seen);
    }

    @Test
    void refusesDamagedArchives() {
        byte[] random = new byte[50_000];
        new SplittableRandom(1).nextBytes(random);
        byte[] good = new Tars().file("a", 0600, random).gzip();
        for (byte[] bad : List.of(
                "no archive".getBytes(UTF_8), new byte[0], Arrays.copyOf(good, 100), Arrays.copyOf(good, 30_000))) {
            PortException.Refused e = assertThrows(PortException.Refused.class, () -> read(bad));
            assertEquals("archive.unreadable", e.code());
        }
    }
}
