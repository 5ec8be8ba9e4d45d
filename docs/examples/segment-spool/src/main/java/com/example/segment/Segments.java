package com.example.segment;

import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The segment files of one lane. No channel: an interrupt would close it. */
final class Segments {
    private static final String SUFFIX = ".segment";

    private final Path directory;
    private final String lineage;
    private final Lane lane;

    /** Hears what a segment holds. */
    interface Visitor {
        void block(int offset, int length, List<Entry> entries);

        void damage(int offset, int length);
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
    String place(long number) {
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

    /** Reads a whole segment; what is no block is told as damage. Returns how many bytes it has. */
    int scan(long number, Visitor visitor) throws IOException {
        byte[] bytes = Files.readAllBytes(file(number));
        int sound = 0;
        int at = 0;
        while (at < bytes.length) {
            int length = Block.lengthAt(bytes, at, place(number));
            if (length > 0) {
                if (at > sound) {
                    visitor.damage(sound, at - sound);
                }
                visitor.block(at, length, Block.entries(bytes, at, length));
                sound = at + length;
            }
            at += Math.max(1, length);
        }
        if (at > sound) {
            visitor.damage(sound, at - sound);
        }
        return bytes.length;
    }

    /** Reads records, and what lies behind them in advance. One task. */
    final class Window {
        private static final int AHEAD = 256 << 10;

        private long segment = -1;
        private long base;
        private byte[] bytes = new byte[0];

        /** The message there; empty when its bytes are not what they were. */
        Optional<Message> message(Entry.Spot spot) throws IOException {
            if (!holds(spot)) {
                load(spot); // also when the bytes read in advance were not written yet
            }
            int at = (int) (spot.offset() - base);
            return holds(spot) ? Optional.of(Block.decode(bytes, at, spot.length())) : Optional.empty();
        }

        private boolean holds(Entry.Spot spot) {
            long at = spot.offset() - base;
            return segment == spot.segment()
                    && at >= 0
                    && at + spot.length() <= bytes.length
                    && Block.crc("", bytes, (int) at, spot.length()) == spot.crc();
        }

        private void load(Entry.Spot spot) throws IOException {
            segment = spot.segment();
            base = spot.offset();
            try (RandomAccessFile in = new RandomAccessFile(file(segment).toFile(), "r")) {
                long left = Math.max(0, in.length() - base);
                bytes = new byte[(int) Math.min(left, Math.max(spot.length(), AHEAD))];
                in.seek(base);
                in.readFully(bytes);
            } catch (FileNotFoundException e) {
                System.getLogger(Segments.class.getName()).log(System.Logger.Level.WARNING, "a segment is gone", e);
                bytes = new byte[0];
            }
        }
    }

    /** Deletes the segments below that one; how many. */
    int deleteBelow(long number) throws IOException {
        int deleted = 0;
        for (long each : numbers()) {
            if (each < number) {
                Files.delete(file(each));
                deleted++;
            }
        }
        return deleted;
    }

    long diskBytes() {
        try {
            return numbers().stream().mapToLong(n -> file(n).toFile().length()).sum();
        } catch (IOException e) {
            throw Store.disk("cannot list " + directory, e);
        }
    }
}
