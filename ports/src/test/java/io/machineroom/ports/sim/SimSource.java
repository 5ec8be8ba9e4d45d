package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A named reader of a {@link SimSpool}. */
final class SimSource implements Source {
    private final SimSpool spool;
    private final SimStorage disk;
    private final SimSpoolFiles files;
    private final String reader;
    private final Map<Lane, Long> next = new EnumMap<>(Lane.class);
    private final Map<LanePlace, Integer> attempts = new HashMap<>();
    private boolean closed;

    private record LanePlace(Lane lane, long place) {}

    SimSource(SimSpool spool, SimStorage disk, SimSpoolFiles files, String reader) {
        this.spool = spool;
        this.disk = disk;
        this.files = files;
        this.reader = reader;
        rewindCursors();
    }

    @Override
    public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        List<Delivery> batch = take(maxMessages, maxBytes);
        if (batch.isEmpty() && !wait.isZero()) {
            disk.await("records for " + reader, this::somethingThere, wait);
            batch = take(maxMessages, maxBytes);
        }
        return batch;
    }

    private boolean somethingThere() {
        synchronized (files) {
            if (closed || !spool.isOpen()) {
                return true;
            }
            for (Map.Entry<Lane, Long> lane : next.entrySet()) {
                if (files.lane(lane.getKey()).synced > lane.getValue()) {
                    return true;
                }
            }
            return false;
        }
    }

    private List<Delivery> take(int maxMessages, long maxBytes) {
        List<Delivery> batch = new ArrayList<>();
        long bytes = 0;
        synchronized (files) {
            mustBeOpen();
            for (Lane lane : Lane.values()) {
                SimSpoolFiles.LaneFiles from = files.lane(lane);
                long place = next.getOrDefault(lane, from.first);
                boolean room = true;
                while (room && place < from.synced && batch.size() < maxMessages) {
                    SimSpoolFiles.SimRecord record = from.at(place);
                    int size = record.message().size();
                    room = batch.isEmpty() || bytes + size <= maxBytes;
                    if (room) {
                        if (!mark(lane).covers(record.stamp())) {
                            batch.add(delivery(lane, place, record));
                            bytes += size;
                        }
                        place++;
                    }
                }
                next.put(lane, place);
                settle(lane);
            }
        }
        return batch;
    }

    private Delivery delivery(Lane lane, long place, SimSpoolFiles.SimRecord record) {
        int attempt = attempts.merge(new LanePlace(lane, place), 1, Integer::sum);
        return new Delivery(new Position(place, 0), record.stamp(), record.message(), attempt);
    }

    private SimSpoolFiles.Mark mark(Lane lane) {
        SimSpoolFiles.Mark mark = files.marks.getOrDefault(reader, Map.of()).get(lane);
        return mark == null ? new SimSpoolFiles.Mark(files.lane(lane).first, new TreeMap<>()) : mark;
    }

    /** Moves the mark over what is done and was read. */
    private void settle(Lane lane) {
        SimSpoolFiles.LaneFiles from = files.lane(lane);
        SimSpoolFiles.Mark mark = mark(lane);
        long low = Math.max(mark.low(), from.first);
        while (low < from.synced && mark.covers(from.at(low).stamp())) {
            attempts.remove(new LanePlace(lane, low));
            low++;
        }
        Map<Lane, SimSpoolFiles.Mark> mine = files.marks.computeIfAbsent(reader, _ -> new EnumMap<>(Lane.class));
        if (low != mark.low() || !mine.containsKey(lane)) {
            mine.put(lane, new SimSpoolFiles.Mark(low, mark.done()));
        }
        next.merge(lane, low, Math::max);
    }

    @Override
    public void rewind() {
        synchronized (files) {
            mustBeOpen();
            rewindCursors();
        }
    }

    private void rewindCursors() {
        for (Lane lane : Lane.values()) {
            next.put(lane, mark(lane).low());
        }
    }

    @Override
    public void commit(DoneMark mark) {
        synchronized (files) {
            mustBeOpen();
            long ordinal = mark.epoch().ordinal();
            boolean known = mark.epoch().equals(files.epochs.get(ordinal));
            if (!known || mark.through() > files.lane(mark.lane()).last.getOrDefault(ordinal, 0L)) {
                throw new PortException.Refused("mark.beyond", mark + " was never given");
            }
            mark(mark.lane()).done().merge(ordinal, mark.through(), Math::max);
            settle(mark.lane());
        }
    }

    @Override
    public long waiting() {
        long sum = 0;
        synchronized (files) {
            for (Lane lane : Lane.values()) {
                SimSpoolFiles.LaneFiles from = files.lane(lane);
                SimSpoolFiles.Mark mark = mark(lane);
                for (long place = Math.max(mark.low(), from.first); place < from.synced; place++) {
                    Stamp stamp = from.at(place).stamp();
                    long done = mark.done().getOrDefault(stamp.epoch().ordinal(), 0L);
                    sum += Math.max(0, stamp.through() - Math.max(done, stamp.from() - 1));
                }
            }
        }
        return sum;
    }

    private void mustBeOpen() {
        spool.mustBeOpen();
        if (closed) {
            throw new PortException.Refused("spool.closed", "the source is closed");
        }
    }

    @Override
    public void close() {
        synchronized (files) {
            if (!closed) {
                closed = true;
                spool.closed(reader);
                files.notifyAll();
                disk.changed();
            }
        }
    }
}
