package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** One lane: its segments, and the block that is being collected. All under the spool's lock, save {@link #write}. */
final class LaneLog {
    private final Lane lane;
    private final Segments segments;
    private final Epochs epochs;
    private final LaneIndex index;
    private Block collecting = new Block();
    private Block inFlight = new Block();
    private long laid;
    private boolean writing;
    private long clock;
    private long tornBytes;
    private long damaged;
    private long segment = 1;
    private long end;
    private Optional<RandomAccessFile> file = Optional.empty();

    /** Reads every segment, and cuts what is no block off the last one. */
    LaneLog(Segments segments, Lane lane, Epochs epochs) throws IOException {
        this.segments = segments;
        this.lane = lane;
        this.epochs = epochs;
        this.index = new LaneIndex(lane, epochs);
        Store.makeDirectory(segments.directory());
        for (long number : segments.numbers()) {
            segment = number;
            end = 0;
            int size = segments.scan(number, new Reading());
            if (number == segments.numbers().getLast() && end < size) {
                damaged--;
                tornBytes = size - end;
            }
        }
    }

    private final class Reading implements Segments.Visitor {
        @Override
        public void block(int offset, int length, List<Entry> entries) {
            end = (long) offset + length;
            for (Entry entry : entries) {
                clock = entry.clock();
                if (epochs.epoch(entry.epoch()).isPresent()) {
                    index.apply(entry.at(segment, offset));
                }
            }
        }

        @Override
        public void damage(int offset, int length) {
            damaged++;
        }
    }

    /** Messages that wait or are about to. */
    long records() {
        return index.waiting().size()
                + collecting.entries().size()
                + inFlight.entries().size();
    }

    long bytes() {
        return index.waitingBytes() + collecting.size() + inFlight.size() - 2L * Block.HEAD;
    }

    Stats stats(long now) {
        var waiting = index.waiting();
        long age = waiting.isEmpty() ? 0 : now - waiting.firstEntry().getValue().clock();
        return new Stats(
                waiting.size(),
                index.waitingBytes(),
                segments.diskBytes(),
                tornBytes,
                damaged,
                Math.max(0, age / 1000));
    }

    long clock() {
        return clock;
    }

    Lane lane() {
        return lane;
    }

    /** Bytes that are not what was written were met. */
    void noteDamage() {
        damaged++;
    }

    Segments segments() {
        return segments;
    }

    LaneIndex index() {
        return index;
    }

    /** Voids at the beginning that hold segments which could go without them. */
    List<Entry> oldVoids(LongUnaryOperator done) {
        return index.oldVoids(done, segment);
    }

    /** Deletes the segments that nobody needs. */
    void trim(LongUnaryOperator done) {
        try {
            long needed = index.needed(done, segment);
            segments.deleteBelow(needed);
            index.forgetBelow(needed);
        } catch (IOException e) {
            throw Store.disk("cannot trim lane " + lane.wireName(), e);
        }
    }

    /** Last number laid in an epoch, durable or not. */
    long laid(long epoch) {
        return Math.max(epochs.last(lane, epoch), laid);
    }

    /** Adds a record to the block that the next write takes. */
    void lay(Entry entry, byte[] message) {
        collecting.add(entry, message);
        laid = epochs.after(entry.epoch()).isEmpty() ? Math.max(laid, entry.through()) : laid;
    }

    Block collecting() {
        return collecting;
    }

    boolean isWriting() {
        return writing;
    }

    boolean isIdle() {
        return !writing && collecting.entries().isEmpty();
    }

    void beginWriting() {
        writing = true;
        inFlight = collecting;
        collecting = new Block();
    }

    /** What was written counts, or nothing of it and nothing of what was laid meanwhile. */
    void endWriting(Optional<PortException> failure) {
        writing = false;
        int size = inFlight.size();
        inFlight.end(failure);
        if (failure.isEmpty()) {
            inFlight.entries().forEach(e -> index.apply(e.at(segment, (int) (end - size))));
        } else {
            refuse(failure);
        }
        inFlight = new Block();
    }

    /** Nothing of what was laid counts. */
    void refuse(Optional<PortException> why) {
        collecting.end(why);
        collecting = new Block();
        laid = 0;
    }

    /** Writes a block behind the last one, or into a new segment, and syncs. Without the lock, one task at a time. */
    void write(long clockNow, long segmentBytes, boolean syncs) throws IOException {
        Block block = inFlight;
        try {
            boolean fresh = end > 0 && end + block.size() > segmentBytes;
            if (fresh) {
                close();
                segment++;
                end = 0;
            }
            RandomAccessFile to = file.isPresent()
                    ? file.get()
                    : new RandomAccessFile(segments.file(segment).toFile(), "rw");
            if (file.isEmpty()) {
                file = Optional.of(to);
                to.setLength(end);
                Store.syncDirectory(segments.directory());
            }
            to.seek(end);
            to.write(block.seal(segments.place(segment), clockNow));
            if (syncs) {
                to.getFD().sync();
            }
            end += block.size();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void close() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            System.getLogger(LaneLog.class.getName()).log(System.Logger.Level.WARNING, "closing a segment", e);
        }
        file = Optional.empty();
    }
}
