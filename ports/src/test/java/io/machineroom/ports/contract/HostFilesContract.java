package io.machineroom.ports.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link HostFiles} promises. */
public abstract class HostFilesContract {
    protected abstract HostFiles files();

    /** An existing, writable directory. */
    protected abstract Path directory();

    /** Makes a symbolic link. */
    protected abstract void link(Path at, String target);

    @Test
    void replacesAndReads() {
        Path file = directory().resolve("f");
        assertEquals(Optional.empty(), files().read(file, 10));
        assertEquals(Optional.empty(), files().info(file));
        assertEquals(Optional.empty(), files().sha256(file));
        assertEquals(Optional.empty(), files().owner(file));
        files().replace(file, "abc".getBytes(UTF_8), 0640, "", "");
        assertEquals("abc", new String(files().read(file, 3).orElseThrow(), UTF_8));
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                files().sha256(file).orElseThrow());
        FileTree.Info info = files().info(file).orElseThrow();
        assertEquals(FileTree.Kind.FILE, info.kind());
        assertEquals(0640, info.mode());
        assertEquals(3, info.size());
        PortException.Refused e = assertThrows(PortException.Refused.class, () -> files().read(file, 2));
        assertEquals("file.too-large", e.code());
    }

    @Test
    void keepsTheOwnerUnlessToldOtherwise() {
        Path file = directory().resolve("f");
        files().replace(file, new byte[0], 0600, "", "");
        HostFiles.Owner owner = files().owner(file).orElseThrow();
        files().replace(file, new byte[1], 0600, owner.user(), owner.group());
        assertEquals(owner, files().owner(file).orElseThrow());
    }

    @Test
    void refusesUnknownOwnersAndLeavesTheFile() {
        Path file = directory().resolve("f");
        files().replace(file, new byte[] {1}, 0600, "", "");
        PortException.Refused e = assertThrows(
                PortException.Refused.class,
                () -> files().replace(file, new byte[] {2}, 0600, "no-such-user-here", ""));
        assertEquals("file.owner", e.code());
        assertEquals(1, files().read(file, 9).orElseThrow()[0]);
    }

    @Test
    void followsLinks() {
        Path file = directory().resolve("target");
        Path link = directory().resolve("link");
        files().replace(file, "old".getBytes(UTF_8), 0600, "", "");
        link(link, "target");
        assertEquals(FileTree.Kind.FILE, files().info(link).orElseThrow().kind());
        files().replace(link, "new".getBytes(UTF_8), 0600, "", "");
        assertEquals("new", new String(files().read(file, 9).orElseThrow(), UTF_8));
    }

    @Test
    void aDirectoryIsThereButIsNoFile() {
        assertEquals(
                FileTree.Kind.DIRECTORY, files().info(directory()).orElseThrow().kind());
        assertEquals(Optional.empty(), files().sha256(directory()));
        assertEquals(Optional.empty(), files().read(directory(), 10));
    }

    @Test
    void refusesToReplaceWhereThereIsNoDirectory() {
        PortException.Refused e = assertThrows(
                PortException.Refused.class,
                () -> files().replace(directory().resolve("no/dir/f"), new byte[0], 0600, "", ""));
        assertEquals("file.missing", e.code());
    }

    @Test
    void looksForProgramsInThePath() {
        assertTrue(files().onPath("sh"));
        assertFalse(files().onPath("no-such-program-anywhere"));
        assertFalse(files().onPath("/bin/sh"));
        assertFalse(files().onPath(""));
    }
}
