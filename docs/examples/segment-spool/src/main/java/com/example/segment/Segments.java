package com.example.segment;

import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The segment files of one lane. No channel: an interrupt would close it. */
final class Segments {
    private static final String SUFFIX = ".segment";

    private final Path directory;
    private final String lineage;
    private final Lane lane;
    private long current = 1;
    private int end;
    private Optional<RandomAccessFile> writing = Optional.empty();

    /** A block with its records, or bytes that are none. */
    record Part(int offset, int length, List<Entry> entries) {
        boolean isDamage() {
            return entries.isEmpty();
        }
    }

    Segments(Path root, String lineage, Lane lane) {
        this.directory = root.resolve(lane.wireName());
        this.lineage = lineage;
        this.lane = lane;
    }

    Path directory() {
        return directory;
    }

    Path file(long number) {
        return directory.resolve(String.format("%019d", number) + SUFFIX);
    }

    /** What the checksums of a segment begin with. */
    private String place(long number) {
        return lineage + "/" + lane.wireName() + "/" + number;
    }

    List<Long> numbers() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.matches("\\d{19}\\" + SUFFIX))
                    .map(n -> Long.parseLong(n.substring(0, 19)))
                    .sorted()
                    .toList();
        }
    }

    /** What a whole segment holds, from its beginning to its end. */
    List<Part> parts(long number) throws IOException {
        byte[] bytes = Files.readAllBytes(file(number));
        List<Part> parts = new ArrayList<>();
        int sound = 0;
        int at = 0;
        while (at < bytes.length) {
            int length = Block.lengthAt(bytes, at, place(number));
            at += length == 0 ? 1 : 0;
            if (at > sound && (length > 0 || at == bytes.length)) {
                parts.add(new Part(sound, at - sound, List.of()));
            }
            if (length > 0) {
                parts.add(new Part(at, length, Block.entries(bytes, at, length, number, 0)));
                at += length;
                sound = at;
            }
        }
        return parts;
    }

    /** The message there; empty when its bytes are not what they were. */
    Optional<Message> message(Entry.Spot spot) throws IOException {
        byte[] bytes = new byte[spot.length()];
        try (RandomAccessFile in = new RandomAccessFile(file(spot.segment()).toFile(), "r")) {
            in.seek(spot.offset());
            boolean whole = in.read(bytes) == bytes.length && Block.crc("", bytes, 0, bytes.length) == spot.crc();
            return whole ? Optional.of(Block.decode(bytes, 0, bytes.length)) : Optional.empty();
        } catch (FileNotFoundException e) {
            System.getLogger(Segments.class.getName()).log(System.Logger.Level.WARNING, "a segment is gone", e);
            return Optional.empty();
        }
    }

    /** The next block goes there; what lies behind is cut off. */
    void goOn(long segment, int offset) {
        current = segment;
        end = offset;
    }

    long end() {
        return end;
    }

    long current() {
        return current;
    }

    /** Writes a block behind the last one, or into a new segment, and syncs. When that fails it is as if nothing was. */
    List<Entry> append(Block block, long clock, long segmentBytes, boolean syncs) throws IOException {
        try {
            if (end > 0 && end + block.size() > segmentBytes) {
                close();
                goOn(current + 1, 0);
            }
            if (writing.isEmpty()) {
                writing = Optional.of(new RandomAccessFile(file(current).toFile(), "rw"));
                writing.get().setLength(end);
                Store.syncDirectory(directory);
            }
            byte[] bytes = block.seal(place(current), clock);
            writing.get().seek(end);
            writing.get().write(bytes);
            if (syncs) {
                writing.get().getFD().sync();
            }
            List<Entry> entries = Block.entries(bytes, 0, bytes.length, current, end);
            end += bytes.length;
            return entries;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Deletes the segments below that one. */
    void deleteBelow(long number) throws IOException {
        for (long each : numbers()) {
            if (each < number) {
                Files.delete(file(each));
            }
        }
    }

    long diskBytes() {
        try {
            return numbers().stream().mapToLong(n -> file(n).toFile().length()).sum();
        } catch (IOException e) {
            throw Store.disk("cannot list " + directory, e);
        }
    }

    void close() {
        try {
            if (writing.isPresent()) {
                writing.get().close();
            }
        } catch (IOException e) {
            System.getLogger(Segments.class.getName()).log(System.Logger.Level.WARNING, "closing a segment", e);
        }
        writing = Optional.empty();
    }
}
