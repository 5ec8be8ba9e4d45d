package com.example.segment;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A named reader. Bodies are slices of heap buffers: they stay valid as long as somebody holds them. */
final class SegmentSource implements Source {
    private final SegmentSpool spool;
    private final Readers readers;
    private final Marks marks;
    private final Map<Lane, Reading> lanes = new EnumMap<>(Lane.class);

    /** One lane of this reader. */
    private final class Reading {
        private final LaneReader reader;
        private final TreeMap<Entry.Key, Integer> attempts = new TreeMap<>();
        private Entry.Key at = new Entry.Key(0, 1);

        Reading(LaneReader reader) {
            this.reader = reader;
        }

        long read(int maxMessages, long maxBytes, List<Delivery> batch) {
            long bytes = 0;
            while (batch.size() < maxMessages) {
                Optional<Delivery> found = reader.read(at, epoch -> marks.through(reader.lane(), epoch));
                if (found.isEmpty()
                        || !batch.isEmpty() && bytes + found.get().message().size() > maxBytes) {
                    break;
                }
                Delivery next = found.get();
                bytes += next.message().size();
                at = LaneReader.behind(next);
                int attempt = attempts.merge(at, 1, Integer::sum);
                batch.add(new Delivery(next.position(), next.stamp(), next.message(), attempt));
            }
            return bytes;
        }

        /** Forgets how often it handed out what is done. */
        void settle(long epoch) {
            long done = marks.through(reader.lane(), epoch);
            attempts.subMap(new Entry.Key(epoch, 0), new Entry.Key(epoch, done + 2))
                    .clear();
        }
    }

    SegmentSource(SegmentSpool spool, Readers readers, Marks marks) {
        this.spool = spool;
        this.readers = readers;
        this.marks = marks;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new Reading(spool.reader(lane)));
        }
    }

    @Override
    public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        return spool.await(this, wait, () -> {
            List<Delivery> batch = new ArrayList<>();
            long bytes = 0;
            for (Reading lane : lanes.values()) {
                bytes += lane.read(maxMessages, maxBytes - bytes, batch);
            }
            return batch;
        });
    }

    @Override
    public void rewind() {
        spool.locked(this, () -> {
            lanes.values().forEach(lane -> lane.at = new Entry.Key(0, 1));
            return true;
        });
    }

    @Override
    public void commit(DoneMark mark) {
        spool.locked(this, () -> {
            readers.commit(marks, mark, spool.epoch().ordinal());
            lanes.get(mark.lane()).settle(mark.epoch().ordinal());
            return true;
        });
    }

    @Override
    public long waiting() {
        return spool.locked(this, () -> readers.waiting(marks));
    }

    @Override
    public void close() {
        spool.forget(this);
    }
}
