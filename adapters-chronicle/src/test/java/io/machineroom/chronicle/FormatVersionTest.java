package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of the versions before are read, those of newer ones are left alone. {@code format-1.zip} was written by
 * {@link GoldenStory} when version 1 was the newest, and stays as it is: whoever makes version 2 adds {@code format-2.zip}
 * and keeps this test.
 */
final class FormatVersionTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path directory;

    private Path spool;
    private Path log;

    @BeforeEach
    void layOut() throws IOException {
        spool = directory.resolve("spool");
        log = directory.resolve("log");
        try (InputStream resource = FormatVersionTest.class.getResourceAsStream("/format-1.zip");
                ZipInputStream zip = new ZipInputStream(resource)) {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                writeSparse(zip, file);
                entry = zip.getNextEntry();
            }
        }
    }

    /** Chronicle's files are mostly holes. */
    private static void writeSparse(InputStream from, Path to) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(to.toFile(), "rw")) {
            byte[] page = from.readNBytes(PAGE);
            while (page.length > 0) {
                long at = out.length();
                if (!Arrays.equals(page, new byte[page.length])) {
                    out.seek(at);
                    out.write(page);
                }
                out.setLength(at + page.length);
                page = from.readNBytes(PAGE);
            }
        }
    }

    private static String line(Stamp stamp, Message message) {
        String numbers = stamp.lane().wireName() + " " + stamp.epoch().ordinal() + ":" + stamp.from() + "-"
                + stamp.through()
                + (stamp.previous() == null ? "" : " after " + stamp.previous().last());
        if (stamp.isVoid()) {
            return numbers + " " + stamp.cause().orElseThrow();
        }
        byte[] body = message.bytes();
        String text = new String(body, StandardCharsets.US_ASCII).replace("\0", "");
        assertEquals("text/" + text, message.contentType());
        assertEquals(Instant.parse("2026-02-03T04:05:06.789Z"), message.created());
        assertEquals("choria.machine.x", message.subject().text());
        return numbers + " " + message.id() + " " + text + " " + body.length;
    }

    private static List<String> all(Source source) throws InterruptedException {
        List<String> out = new ArrayList<>();
        List<Delivery> read = source.read(1_000, 1 << 20, Duration.ZERO);
        while (!read.isEmpty()) {
            read.forEach(d -> out.add(line(d.stamp(), d.message())));
            read = source.read(1_000, 1 << 20, Duration.ZERO);
        }
        return out;
    }

    /** What every reader gets of lane {@code normal} behind the first three. */
    private static List<String> normal() {
        List<String> out = new ArrayList<>(List.of("normal 1:4-7 lost", "normal 1:8-8 damaged"));
        for (int i = 1; i <= 40; i++) {
            out.add("normal 1:" + (8 + i) + "-" + (8 + i) + " large" + i + " large" + i + " 60000");
        }
        out.add("normal 2:1-1 after 48 again again 20");
        return out;
    }

    private static List<String> lane(List<String> lines, Lane lane) {
        return lines.stream().filter(l -> l.startsWith(lane.wireName() + " ")).toList();
    }

    @Test
    void readsASpoolOfVersionOne() throws Exception {
        try (Spool opened = GoldenStory.open(spool);
                Source pump = opened.source("pump");
                Source other = opened.source("other")) {
            assertEquals(3, opened.epoch().ordinal());
            List<String> mine = all(pump);
            List<String> theirs = all(other);
            assertEquals(List.of("urgent 1:1-1 u1 u1 20"), lane(mine, Lane.URGENT));
            List<String> normal = normal();
            normal.addFirst("normal 1:3-3 n3 n3 20");
            assertEquals(normal, lane(mine, Lane.NORMAL));
            assertEquals(List.of("bulk 2:4-4 b4 b4 20"), lane(mine, Lane.BULK));
            assertEquals(
                    List.of("bulk 2:1-2 overflow", "bulk 2:3-3 b3 b3 20", "bulk 2:4-4 b4 b4 20"),
                    lane(theirs, Lane.BULK));
            assertEquals(
                    List.of(
                            "newest 2:1-1 superseded",
                            "newest 2:2-2 superseded",
                            "newest 2:3-3 superseded",
                            "newest 2:4-4 w4 w4 20"),
                    lane(theirs, Lane.NEWEST));
            opened.append(Lane.NORMAL, List.of(GoldenStory.message("new", 20)));
            assertEquals(List.of("normal 3:1-1 after 1 new new 20"), all(pump));
        }
        GoldenStory.open(spool).close();
    }

    @Test
    void readsALogOfVersionOne() throws Exception {
        try (EventLog opened = GoldenStory.openLog(log);
                EventLog.Reader reader = opened.reader(0)) {
            List<String> lines = reader.read(10, Duration.ZERO).stream()
                    .map(s ->
                            s.index() + " " + line(s.entry().stamp(), s.entry().message()))
                    .toList();
            assertEquals(
                    List.of(
                            "0 normal 1:1-1 one one 20",
                            "1 normal 1:2-5 lost",
                            "2 urgent 2:1-1 after 5 two two 40000",
                            "3 bulk 2:7-7 three three 20"),
                    lines);
            EventLog.Snapshot snapshot = opened.snapshot().orElseThrow();
            assertEquals(2, snapshot.index());
            assertArrayEquals(new byte[] {4, 5, 6}, snapshot.state());
        }
        try (EventLog opened = GoldenStory.openLog(log);
                EventLog.Reader reader = opened.reader(3)) {
            EventLog.Entry last = reader.read(10, Duration.ZERO).getFirst().entry();
            assertEquals(
                    "acme north n1.example.net UNODE",
                    last.customer() + " " + last.site() + " " + last.identity() + " " + last.nodeKey());
            assertEquals(Instant.parse("2026-03-04T05:06:07Z"), last.received());
        }
    }

    /** Each kind of file that there is: else the test below proves less than it says. */
    @Test
    void theGoldenFilesAreOfEachKind() throws IOException {
        List<String> names = new ArrayList<>(image().keySet());
        assertTrue(
                names.containsAll(List.of(
                        "log/log.id",
                        "log/log.lock",
                        "spool/readers/other.mark",
                        "spool/readers/pump.mark",
                        "spool/spool.drops",
                        "spool/spool.epochs",
                        "spool/spool.id",
                        "spool/spool.lock",
                        "spool/spool.state")),
                names.toString());
        assertTrue(names.stream().filter(n -> n.startsWith("spool/normal/")).count() > 2, names.toString());
        assertTrue(names.stream().anyMatch(n -> n.startsWith("spool/evidence/")), names.toString());
        assertTrue(names.stream().anyMatch(n -> n.startsWith("log/snapshot")), names.toString());
    }

    @Test
    void leavesTheFilesOfANewerVersionAsTheyAre() throws Exception {
        newer(spool.resolve("spool.id"));
        newer(log.resolve("log.id"));
        refusedAndUntouched();
    }

    /** The newer version may have changed the content of any file but the one that tells the version. */
    @Test
    void leavesFilesAloneWhoseContentItCannotUnderstand() throws Exception {
        newer(spool.resolve("spool.id"));
        newer(log.resolve("log.id"));
        for (String name : image().keySet()) {
            if (!name.endsWith(".id")) {
                Files.write(directory.resolve(name), ("of another time: " + name).getBytes(StandardCharsets.US_ASCII));
            }
        }
        Files.createDirectories(spool.resolve("lanes"));
        Files.writeString(spool.resolve("lanes/something.new"), "unknown");
        Files.writeString(spool.resolve("normal/unknown.tmp"), "unknown");
        refusedAndUntouched();
    }

    private static void newer(Path id) throws IOException {
        String text = Files.readString(id);
        assertTrue(text.contains(" 1\n"), text);
        Files.writeString(id, text.replaceFirst(" 1\n", " 2\n"));
    }

    private void refusedAndUntouched() throws Exception {
        Map<String, String> before = image();
        var told = assertThrows(PortException.Corrupted.class, () -> GoldenStory.open(spool));
        assertEquals("spool.version", told.code());
        assertSays(told, spool);
        var toldOfLog = assertThrows(PortException.Corrupted.class, () -> GoldenStory.openLog(log));
        assertEquals("log.version", toldOfLog.code());
        assertSays(toldOfLog, log);
        List<SpoolProvider.Finding> findings = new ArrayList<>();
        new ChronicleSpoolProvider().check(spool, findings::add);
        assertTrue(findings.stream().anyMatch(f -> f.what().contains("format version 2")), findings.toString());
        assertEquals(before, image());
    }

    private static void assertSays(PortException told, Path place) {
        String message = String.valueOf(told.getMessage());
        assertTrue(message.contains(place + " has format version 2; this program reads 1"), message);
        assertTrue(message.contains("use the program that wrote it, or move the directory away"), message);
    }

    /** Each file below the directory, with its length, its time and its content. */
    private Map<String, String> image() throws IOException {
        Map<String, String> out = new TreeMap<>();
        try (var walk = Files.walk(directory)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                PageImage image = PageImage.read(path, PAGE, PageImage.empty(PAGE));
                int sum = 0;
                for (Map.Entry<Integer, byte[]> page : image.pages().entrySet()) {
                    sum = 31 * sum
                            + 17 * page.getKey()
                            + ByteBuffer.wrap(page.getValue()).hashCode();
                }
                String content = image.length() + " " + Files.getLastModifiedTime(path) + " " + sum;
                out.put(directory.relativize(path).toString(), content);
            }
        }
        return out;
    }
}
