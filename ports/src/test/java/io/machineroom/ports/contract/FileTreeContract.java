package io.machineroom.ports.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link FileTree} promises. */
public abstract class FileTreeContract {
    protected abstract FileTree files();

    /** Makes a symbolic link in the tree; the target may be absolute. */
    protected abstract void link(String name, String target);

    private void put(String name, String text) {
        files().replace(name, text.getBytes(UTF_8), 0600);
    }

    private Optional<String> text(String name) {
        return files().read(name, 1 << 20).map(bytes -> new String(bytes, UTF_8));
    }

    private static void refused(String code, Executable call) {
        assertEquals(code, assertThrows(PortException.Refused.class, call).code());
    }

    @Test
    void readsBackWhatWasReplaced() {
        assertEquals(Optional.empty(), text("a"));
        put("a", "one");
        assertEquals(Optional.of("one"), text("a"));
        put("a", "");
        assertEquals(Optional.of(""), text("a"));
        assertEquals(List.of("a"), files().list(""));
    }

    @Test
    void makesMissingParentsPrivate() {
        put("x/y/z", "deep");
        assertEquals(Optional.of("deep"), text("x/y/z"));
        assertEquals(0700, files().info("x/y").orElseThrow().mode());
        assertEquals(FileTree.Kind.DIRECTORY, files().info("x").orElseThrow().kind());
    }

    @Test
    void setsTheModeWhateverTheMask() {
        for (int mode : List.of(0600, 0644, 0755, 0777, 0400)) {
            files().replace("m", new byte[] {1}, mode);
            assertEquals(mode, files().info("m").orElseThrow().mode());
        }
        files().makeDirectory("d", 0775);
        assertEquals(0775, files().info("d").orElseThrow().mode());
    }

    @Test
    void tellsKindSizeAndTime() {
        put("f", "12345");
        link("l", "f");
        FileTree.Info info = files().info("f").orElseThrow();
        assertEquals(FileTree.Kind.FILE, info.kind());
        assertEquals(5, info.size());
        assertTrue(info.modified().getEpochSecond() > 1_000_000_000L);
        assertEquals(FileTree.Kind.LINK, files().info("l").orElseThrow().kind());
        assertEquals(Optional.empty(), files().info("none"));
        assertEquals(FileTree.Kind.DIRECTORY, files().info("").orElseThrow().kind());
    }

    @Test
    void refusesFilesBeyondTheBound() {
        put("f", "12345");
        assertEquals(5, files().read("f", 5).orElseThrow().length);
        refused("file.too-large", () -> files().read("f", 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/../../x", "/etc/passwd", "a/..", "out/x", "out", "up/x"})
    void refusesNamesThatLeaveTheRoot(String name) {
        link("out", "/etc");
        link("up", "..");
        boolean linkItself = name.equals("out");
        refused("file.outside", () -> files().read(name, 10));
        refused("file.outside", () -> files().write(name, 0600));
        refused("file.outside", () -> files().list(name));
        if (!linkItself) {
            refused("file.outside", () -> files().replace(name, new byte[0], 0600));
            refused("file.outside", () -> files().delete(name));
            refused("file.outside", () -> files().makeDirectory(name, 0700));
            refused("file.outside", () -> files().rename(name, "b"));
            refused("file.outside", () -> files().path(name));
            refused("file.outside", () -> files().info(name));
        }
    }

    @Test
    void followsLinksThatStayInside() {
        put("real/f", "inside");
        link("alias", "real");
        assertEquals(Optional.of("inside"), text("alias/f"));
        link("one", "real/f");
        assertEquals(Optional.of("inside"), text("one"));
    }

    @Test
    void replacesAndDeletesLinksThemselves() {
        put("target", "kept");
        link("l", "target");
        put("l", "own");
        assertEquals(Optional.of("kept"), text("target"));
        assertEquals(FileTree.Kind.FILE, files().info("l").orElseThrow().kind());
        put("dir/f", "kept too");
        link("dl", "dir");
        files().delete("dl");
        assertEquals(Optional.of("kept too"), text("dir/f"));
    }

    @Test
    void renamesFilesAndDirectories() {
        put("a", "1");
        put("b", "2");
        files().rename("a", "b");
        assertEquals(Optional.empty(), text("a"));
        assertEquals(Optional.of("1"), text("b"));
        put("d/x/y", "3");
        files().rename("d", "e");
        assertEquals(Optional.of("3"), text("e/x/y"));
        assertEquals(List.of(), files().list("d"));
        refused("file.missing", () -> files().rename("none", "c"));
        put("full/f", "4");
        refused("file.exists", () -> files().rename("e", "full"));
    }

    @Test
    void deletesTreesAndWhatIsNotThere() {
        put("d/x/y", "1");
        put("d/z", "2");
        files().delete("d");
        files().delete("d");
        files().delete("never/was");
        assertEquals(Optional.empty(), files().info("d"));
    }

    @Test
    void listsAndWalksSorted() {
        put("d/b", "");
        put("d/a/2", "");
        put("d/a/1", "");
        files().makeDirectory("d/empty", 0700);
        link("d/l", "b");
        assertEquals(List.of("a", "b", "empty", "l"), files().list("d"));
        assertEquals(List.of("a/1", "a/2", "b", "l"), files().walk("d"));
        assertEquals(List.of(), files().list("none"));
        assertEquals(List.of(), files().walk("none"));
    }

    @Test
    void writesInPieces() {
        try (FileTree.Writer writer = files().write("new/big", 0640)) {
            writer.write("..abc..".getBytes(UTF_8), 2, 3);
            writer.write("def".getBytes(UTF_8), 0, 3);
        }
        files().sync("new");
        assertArrayEquals("abcdef".getBytes(UTF_8), files().read("new/big", 100).orElseThrow());
        assertEquals(0640, files().info("new/big").orElseThrow().mode());
        try (FileTree.Writer writer = files().write("new/big", 0640)) {
            writer.write("x".getBytes(UTF_8), 0, 1);
        }
        assertEquals(Optional.of("x"), text("new/big"));
    }

    @Test
    void makesDirectoriesOnceAndNotOverFiles() {
        files().makeDirectory("a/b/c", 0755);
        files().makeDirectory("a/b/c", 0700);
        assertEquals(0755, files().info("a/b/c").orElseThrow().mode());
        put("f", "");
        refused("file.exists", () -> files().makeDirectory("f/x", 0700));
    }

    @Test
    void aDirectoryIsNoFile() {
        files().makeDirectory("d", 0700);
        assertEquals(Optional.empty(), text("d"));
    }

    @Test
    void knowsItsRootAndItsSpace() {
        assertTrue(files().root().isAbsolute());
        assertEquals(files().root().resolve("a/b"), files().path("a/b"));
        assertEquals(files().root(), files().path(""));
        assertTrue(files().freeBytes() > 0);
    }

    @Test
    void leavesNoTemporaryFiles() {
        put("a", "1");
        put("a", "2");
        assertEquals(List.of("a"), files().list(""));
    }
}
