package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A named reader of all lanes, urgent first. Bodies are slices of a copy on the heap, so they stay valid as long as
 * anybody holds them.
 */
final class ChronicleSource implements Source {
    private final Disk disk;
    private final EpochTable epochs;
    private final String lineage;
    private final Readers.Reader reader;
    private final Arrivals arrivals;
    private final Consumer<ChronicleSource> closing;
    private final Map<Lane, LaneReader> lanes;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /** What a source shares with its spool. */
    record Shared(Disk disk, EpochTable epochs, String lineage, Arrivals arrivals, Consumer<ChronicleSource> closing) {}

    ChronicleSource(Shared shared, Readers.Reader reader, Map<Lane, LaneReader> lanes) {
        this.disk = shared.disk();
        this.epochs = shared.epochs();
        this.lineage = shared.lineage();
        this.arrivals = shared.arrivals();
        this.closing = shared.closing();
        this.reader = reader;
        this.lanes = new EnumMap<>(lanes);
    }

    @Override
    public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        if (maxMessages < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("a batch of " + maxMessages + " messages, " + maxBytes + " bytes");
        }
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            long seen = arrivals.version();
            List<Delivery> batch = readNow(maxMessages, maxBytes);
            if (!batch.isEmpty() || !skipping() && !arrivals.await(seen, deadline)) {
                return batch;
            }
        }
    }

    /** Whether there is more behind a long run of records that were done before. */
    private boolean skipping() {
        lock.lock();
        try {
            return lanes.values().stream().anyMatch(LaneReader::isSkipping);
        } finally {
            lock.unlock();
        }
    }

    private List<Delivery> readNow(int maxMessages, long maxBytes) {
        List<Delivery> batch = new ArrayList<>();
        lock.lock();
        try {
            mustBeOpen();
            long bytes = 0;
            for (LaneReader lane : lanes.values()) {
                bytes += lane.read(maxMessages, maxBytes - bytes, batch);
            }
            note();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void note() {
        Map<Lane, LaneMark> marks = new EnumMap<>(Lane.class);
        lanes.forEach((lane, from) -> marks.put(lane, from.mark()));
        reader.note(marks);
    }

    @Override
    public void rewind() {
        lock.lock();
        try {
            mustBeOpen();
            lanes.values().forEach(LaneReader::rewind);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void commit(DoneMark mark) {
        lock.lock();
        try {
            mustBeOpen();
            Epoch epoch = mark.epoch();
            LaneReader lane = lane(mark.lane());
            if (!epoch.lineage().equals(lineage)) {
                throw beyond(mark, "another lineage");
            }
            if (epoch.ordinal() < epochs.oldest()) {
                return;
            }
            if (!epoch.equals(epochs.epoch(epoch.ordinal()))) {
                throw beyond(mark, "an epoch that never was");
            }
            if (mark.through() > lane.last(epoch.ordinal())) {
                throw beyond(mark, "a number that was never given");
            }
            if (lane.commit(epoch.ordinal(), mark.through())) {
                note();
                reader.save();
            }
        } finally {
            lock.unlock();
        }
    }

    private static PortException.Refused beyond(DoneMark mark, String why) {
        return new PortException.Refused(
                "mark.beyond",
                "a mark through " + mark.through() + " of lane " + mark.lane().wireName() + ", epoch "
                        + mark.epoch().wire() + ": " + why);
    }

    private LaneReader lane(Lane lane) {
        LaneReader from = lanes.get(lane);
        if (from == null) {
            throw new IllegalArgumentException("lane " + lane);
        }
        return from;
    }

    @Override
    public long waiting() {
        lock.lock();
        try {
            return lanes.values().stream().mapToLong(LaneReader::waiting).sum();
        } finally {
            lock.unlock();
        }
    }

    private void mustBeOpen() {
        if (closed) {
            throw disk.closed();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            lanes.values().forEach(LaneReader::close);
            saveProgress();
        } finally {
            lock.unlock();
        }
        closing.accept(this);
    }

    /** What was read over since the last commit; without it the next start reads over it again. */
    private void saveProgress() {
        try {
            reader.save();
        } catch (PortException.Unavailable e) {
            System.getLogger(ChronicleSource.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "the marks of a reader stay as the last commit left them: " + e.code() + ": "
                                    + e.getMessage());
        }
    }
}
