package com.example.segment;

import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The segment files of one lane. What lies before {@link #end} is durable and all that readers see. Writing and deleting
 * belong to the writer thread.
 */
final class LaneLog implements AutoCloseable {
    private static final String SUFFIX = ".segment";

    private final Path directory;
    private final Lane lane;
    private final long segmentBytes;
    private final boolean syncs;
    private volatile Place end = Place.START;
    private volatile long clock;
    private long tornBytes;
    private FileChannel current;
    private boolean fresh;
    private boolean torn;

    LaneLog(Path directory, Lane lane, long segmentBytes, boolean syncs) {
        this.directory = Store.makeDirectory(directory);
        this.lane = lane;
        this.segmentBytes = segmentBytes;
        this.syncs = syncs;
        try {
            recover();
        } catch (IOException e) {
            throw Store.disk("cannot open " + directory, e);
        }
    }

    /** Finds the last whole append and cuts what lies behind it. */
    private void recover() throws IOException {
        for (long number : segments().reversed()) {
            ByteBuffer bytes = read(number, 0, Integer.MAX_VALUE);
            Optional<Place> last = Optional.empty();
            int at = 0;
            while (at < bytes.limit()) {
                Optional<Frame> frame = Frame.at(bytes, at);
                int length = frame.isPresent() ? Frame.lengthAt(bytes, at) : 1;
                if (frame.isPresent() && !frame.get().more()) {
                    last = Optional.of(behind(frame.get(), number, at + length));
                    clock = frame.get().clock();
                }
                at += length;
            }
            int keep = last.map(Place::offset).orElse(0);
            if (keep < bytes.limit()) {
                tornBytes += bytes.limit() - keep;
                cut(number, keep);
            }
            if (last.isPresent()) {
                end = last.get();
                return;
            }
            Files.delete(file(number));
        }
    }

    static Place behind(Frame frame, long segment, int offset) {
        Frame.Numbers n = frame.numbers();
        return new Place(
                segment,
                offset,
                n.epoch(),
                n.through() + 1,
                frame.totals().records(),
                frame.totals().bytes());
    }

    private void cut(long number, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(file(number), StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    Path file(long number) {
        return directory.resolve(String.format("%019d", number) + SUFFIX);
    }

    List<Long> segments() throws IOException {
        return segments(directory);
    }

    static List<Long> segments(Path directory) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("\\d{19}\\" + SUFFIX)) {
                    numbers.add(Long.parseLong(name.substring(0, 19)));
                }
            }
        }
        numbers.sort(null);
        return numbers;
    }

    /** Bytes of a segment; empty when it is gone. */
    ByteBuffer read(long number, int from, int to) throws IOException {
        if (!Files.exists(file(number))) {
            return ByteBuffer.allocate(0);
        }
        try (FileChannel channel = FileChannel.open(file(number), StandardOpenOption.READ)) {
            int size = (int) Math.max(0, Math.min(to, channel.size()) - from);
            ByteBuffer bytes = ByteBuffer.allocate(size);
            int got = 0;
            while (got >= 0 && bytes.hasRemaining()) {
                got = channel.read(bytes, from + bytes.position());
            }
            return bytes.flip();
        }
    }

    /** Writes records behind the end, syncs, and only then moves the end. */
    void append(ByteBuffer frames, Place behind, long clockNow) throws IOException {
        long segment = behind.segment();
        try {
            heal();
            FileChannel to = channel(segment);
            torn = true;
            long at = (long) behind.offset() - frames.remaining();
            while (frames.hasRemaining()) {
                at += to.write(frames, at);
            }
            if (syncs) {
                to.force(fresh);
                if (fresh) {
                    Store.syncDirectory(directory);
                }
            }
            fresh = false;
            torn = false;
            end = behind;
            clock = clockNow;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Takes back what an append that failed has left. */
    private void heal() throws IOException {
        if (torn) {
            for (long number : segments()) {
                if (number > end.segment()) {
                    Files.delete(file(number));
                } else if (number == end.segment()) {
                    cut(number, end.offset());
                }
            }
            torn = false;
        }
    }

    private FileChannel channel(long segment) throws IOException {
        if (current == null || segment > end.segment()) {
            close();
            fresh = !Files.exists(file(segment));
            current = FileChannel.open(file(segment), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        return current;
    }

    /** Where records of that size go: behind the end, or at the start of the next segment. */
    Place target(int bytes) {
        Place now = end;
        boolean next = now.segment() == 0 || now.offset() > 0 && now.offset() + bytes > segmentBytes;
        return next ? new Place(now.segment() + 1, 0, now.epoch(), now.next(), now.records(), now.bytes()) : now;
    }

    Lane lane() {
        return lane;
    }

    Place end() {
        return end;
    }

    long clock() {
        return clock;
    }

    long tornBytes() {
        return tornBytes;
    }

    /** Deletes the segments below the given one. */
    void trim(long below) throws IOException {
        for (long number : segments()) {
            if (number < Math.min(below, end.segment())) {
                Files.delete(file(number));
            }
        }
    }

    long diskBytes() throws IOException {
        long sum = 0;
        for (long number : segments()) {
            sum += file(number).toFile().length();
        }
        return sum;
    }

    @Override
    public void close() {
        try {
            if (current != null) {
                current.close();
            }
        } catch (IOException e) {
            System.getLogger(LaneLog.class.getName()).log(System.Logger.Level.DEBUG, "closing a segment", e);
        }
        current = null;
    }
}
