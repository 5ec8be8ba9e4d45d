package com.example.segment;

import io.machineroom.ports.spool.SpoolProvider.Durability;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.spool.kit.Entry;
import io.machineroom.ports.spool.kit.LaneStore;
import io.machineroom.ports.spool.kit.Place;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of one lane: blocks behind each other, in segments that are deleted as a whole. In memory is a line for each
 * segment, and what the one that was read last holds. No channel: an interrupt would close it.
 */
final class SegmentLane implements LaneStore {
    private static final String SUFFIX = ".segment";

    private final Path directory;
    private final String place;
    private final int segmentBytes;
    private final boolean syncs;
    private final NavigableMap<Long, Segment> segments = new TreeMap<>();
    private final NavigableMap<Place, Entry> loaded = new TreeMap<>();
    private long loadedNumber;
    private long current = 1;
    private int end;
    private int tornBytes;

    /** A file: its last record, its length, runs of bytes that are no block. */
    private record Segment(Place last, int end, int damaged) {}

    /** Reads every segment; what is no block at the end of the last one is a torn tail, which the next append cuts. */
    SegmentLane(Settings settings, String lineage, Lane lane) throws IOException {
        this.directory = Directory.make(settings.directory().resolve(lane.wireName()));
        this.place = place(lineage, lane);
        this.segmentBytes = Math.clamp(settings.maxBytes() / 16, 1 << 20, 4 << 20);
        this.syncs = settings.durability() != Durability.OPERATING_SYSTEM;
        List<Long> numbers = numbers(directory);
        for (long number : numbers) {
            current = number;
            int torn = load(number, Integer.MAX_VALUE);
            Segment read = segments.get(number);
            if (torn > 0 && number == numbers.getLast()) {
                tornBytes = torn;
                segments.put(number, new Segment(read.last, read.end - torn, read.damaged - 1));
            }
            end = segments.get(number).end;
        }
    }

    /** What checksums begin with, before the number of the segment. */
    static String place(String lineage, Lane lane) {
        return lineage + "/" + lane.wireName() + "/";
    }

    static Path file(Path directory, long number) {
        return directory.resolve(String.format("%019d", number) + SUFFIX);
    }

    static List<Long> numbers(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.matches("\\d{19}\\" + SUFFIX))
                    .map(n -> Long.valueOf(n.substring(0, 19)))
                    .sorted()
                    .toList();
        }
    }

    /** Reads a segment up to a length; how many bytes at its end are no block. */
    private int load(long number, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(file(directory, number));
        List<Block.Part> parts = Block.parts(Arrays.copyOf(bytes, Math.min(length, bytes.length)), place + number);
        loaded.clear();
        loadedNumber = number;
        parts.stream().flatMap(part -> part.entries().stream()).forEach(e -> loaded.put(e.last(), e));
        Place last = loaded.isEmpty() ? Place.FIRST : loaded.lastKey();
        int damaged = (int) parts.stream().filter(Block.Part::isDamage).count();
        segments.put(number, new Segment(last, Math.min(length, bytes.length), damaged));
        return !parts.isEmpty() && parts.getLast().isDamage() ? parts.getLast().length() : 0;
    }

    @Override
    public Optional<Entry> find(Place at) {
        try {
            for (Map.Entry<Long, Segment> each : segments.entrySet()) {
                if (each.getValue().last.compareTo(at) >= 0) {
                    if (loadedNumber != each.getKey()) {
                        load(each.getKey(), each.getValue().end);
                    }
                    Optional<Entry> found =
                            Optional.ofNullable(loaded.ceilingEntry(at)).map(Map.Entry::getValue);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw Directory.disk("cannot read " + directory, e);
        }
    }

    @Override
    public void append(List<Entry> entries) {
        try {
            byte[] block = Block.of(entries);
            if (end > 0 && end + block.length > segmentBytes) {
                current++;
                end = 0;
            }
            Block.seal(block, place + current);
            write(block);
            Segment before = segments.getOrDefault(current, new Segment(Place.FIRST, 0, 0));
            end += block.length;
            segments.put(current, new Segment(entries.getLast().last(), end, before.damaged));
            if (loadedNumber == current) {
                Block.parts(block, place + current).getFirst().entries().forEach(e -> loaded.put(e.last(), e));
            }
        } catch (IOException e) {
            throw Directory.disk("cannot write " + directory, e);
        }
    }

    /** Behind the last block; what lies there is left of an append that failed. */
    private void write(byte[] block) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(file(directory, current).toFile(), "rw")) {
            file.setLength(end);
            file.seek(end);
            file.write(block);
            if (syncs) {
                file.getFD().sync();
            }
        }
        if (end == 0) {
            Directory.sync(directory); // a new file
        }
    }

    @Override
    public void trim(Place before) {
        try {
            while (!segments.isEmpty() && segments.firstEntry().getValue().last.compareTo(before) < 0) {
                long number = segments.firstKey();
                if (number == current) {
                    current++;
                    end = 0;
                }
                Files.deleteIfExists(file(directory, number));
                segments.remove(number);
            }
        } catch (IOException e) {
            throw Directory.disk("cannot trim " + directory, e);
        }
    }

    @Override
    public long diskBytes() {
        return segments.values().stream().mapToLong(Segment::end).sum();
    }

    @Override
    public long tornBytes() {
        return tornBytes;
    }

    @Override
    public long damaged() {
        return segments.values().stream().mapToLong(Segment::damaged).sum();
    }
}
