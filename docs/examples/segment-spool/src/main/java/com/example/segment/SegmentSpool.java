package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A log of segment files per lane and named readers, under one lock. Any task may call it; each append has its sync. */
final class SegmentSpool implements Spool {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Store store;
    private final TimeSource time;
    private final Table table;
    private final Epoch epoch;
    private final Map<Lane, LaneLog> lanes = new EnumMap<>(Lane.class);
    private final Bounds bounds;
    private final Map<String, SegmentSource> live = new HashMap<>();
    private final long startTicks;
    private final long startClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    SegmentSpool(Store store, Settings settings, TimeSource time, Entropy entropy, LongSupplier free)
            throws IOException {
        this.store = store;
        this.time = time;
        Path root = store.root();
        boolean fresh = true;
        for (Lane lane : Lane.values()) {
            fresh &= new Segments(root, "", lane).numbers().isEmpty();
        }
        this.table = new Table(root, entropy, fresh);
        for (Lane lane : Lane.values()) {
            Segments segments = new Segments(root, table.lineage(), lane);
            lanes.put(lane, new LaneLog(segments, lane, table, settings, this::clock));
        }
        this.startTicks = time.ticks();
        this.startClock = lanes.values().stream().mapToLong(LaneLog::clock).reduce(table.clock(), Math::max);
        this.epoch = table.begin(entropy.hex(16), lanes.values());
        table.save(startClock);
        lanes.values().forEach(LaneLog::recount);
        this.bounds = new Bounds(settings, lanes.values(), free);
    }

    /** The spool's own clock in milliseconds, which no wall clock moves. */
    private long clock() {
        return startClock + (time.ticks() - startTicks) / NANOS_PER_MILLI;
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    private <T> T open(Supplier<T> what) {
        return locked(() -> {
            mustBeOpen(!closed);
            return what.get();
        });
    }

    private static void mustBeOpen(boolean open) {
        if (!open) {
            throw new PortException.Refused("spool.closed", "the spool or its source is closed");
        }
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    @Override
    public List<Appended> append(Lane lane, List<Message> messages) {
        List<byte[]> bodies = messages.stream().map(bounds::encode).toList();
        return open(() -> {
            LaneLog log = lanes.get(lane);
            int fits = bodies.isEmpty() ? 0 : bounds.room(log, bodies, clock());
            Block block = new Block();
            List<Appended> given = new ArrayList<>();
            long first = table.last(lane, epoch.ordinal()) + 1;
            for (int i = 0; i < fits; i++) {
                String subject = messages.get(i).subject().text();
                block.add(new Entry(key(first + i), first + i, "", subject, 0, Entry.Spot.NONE), bodies.get(i));
                given.add(new Appended(lane, first + i, first + i));
            }
            long last = first + bodies.size() - 1;
            if (fits < bodies.size()) {
                block.add(Entry.empty(key(first + fits), last, LaneLimits.OVERFLOW), new byte[0]);
                given.add(new Appended(lane, first + fits, last, false));
            }
            log.write(block);
            changed.signalAll();
            return given;
        });
    }

    private Entry.Key key(long number) {
        return new Entry.Key(epoch.ordinal(), number);
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) {
        if (count < 1 || cause.isEmpty()) {
            throw new IllegalArgumentException("a void of " + count + " numbers for '" + cause + "'");
        }
        return open(() -> {
            long first = table.last(lane, epoch.ordinal()) + 1;
            Block block = new Block();
            block.add(Entry.empty(key(first), first + count - 1, cause), new byte[0]);
            lanes.get(lane).write(block);
            changed.signalAll();
            return new Appended(lane, first, first + count - 1, false);
        });
    }

    @Override
    public Source source(String reader) {
        if (!reader.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("reader name " + reader);
        }
        return open(() -> {
            if (live.containsKey(reader)) {
                throw new PortException.Refused("spool.reader", "reader " + reader + " has a live source already");
            }
            if (table.begin(reader, lanes.values(), clock())) {
                lanes.values().forEach(LaneLog::recount);
            }
            SegmentSource source = new SegmentSource(this, reader);
            live.put(reader, source);
            return source;
        });
    }

    /** Work of a source, under the lock. */
    <T> T in(SegmentSource source, Supplier<T> what) {
        return open(() -> {
            mustBeOpen(live.containsValue(source));
            return what.get();
        });
    }

    void forget(SegmentSource source) {
        locked(() -> live.values().remove(source));
    }

    /** Again whenever something changed, until it finds something or the time is over. */
    <T> List<T> await(SegmentSource source, Duration wait, Supplier<List<T>> what) throws InterruptedException {
        long left = wait.toNanos();
        lock.lockInterruptibly();
        try {
            List<T> found = in(source, what);
            while (found.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                found = in(source, what);
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    void commit(String reader, DoneMark mark) {
        if (table.commit(reader, mark, clock())) {
            lanes.get(mark.lane()).settle(mark.epoch().ordinal());
        }
    }

    /** Under the lock. */
    long waiting(String reader) {
        return table.waiting(reader);
    }

    /** What comes next for a reader. Under the lock. */
    Optional<Delivery> next(String reader, Lane lane, Entry.Key at) {
        return lanes.get(lane).read(at, o -> table.through(reader, lane, o));
    }

    static Entry.Key behind(Delivery delivery) {
        return new Entry.Key(
                delivery.stamp().epoch().ordinal(), delivery.stamp().through() + 1);
    }

    @Override
    public Stats stats() {
        Stats all = new Stats(0, 0, 0, 0, 0, 0);
        for (Lane lane : Lane.values()) {
            Stats of = stats(lane);
            all = new Stats(
                    all.records() + of.records(),
                    all.bytes() + of.bytes(),
                    all.diskBytes() + of.diskBytes(),
                    all.tornBytes() + of.tornBytes(),
                    all.damagedRecords() + of.damagedRecords(),
                    Math.max(all.oldestAgeSeconds(), of.oldestAgeSeconds()));
        }
        return all;
    }

    @Override
    public Stats stats(Lane lane) {
        return locked(() -> lanes.get(lane).stats());
    }

    @Override
    public void walk(Predicate<Delivery> visitor) {
        for (Lane lane : Lane.values()) {
            Entry.Key at = new Entry.Key(0, 1);
            for (var next = show(lane, at); next.isPresent(); next = show(lane, behind(next.get()))) {
                if (!visitor.test(next.get())) {
                    return;
                }
            }
        }
    }

    private Optional<Delivery> show(Lane lane, Entry.Key at) {
        return open(() -> lanes.get(lane).read(at, o -> table.done(lane, o)));
    }

    @Override
    public void trim() {
        open(() -> {
            for (LaneLog log : lanes.values()) {
                bounds.expire(log, clock());
                log.renewVoids();
                table.save(clock());
                log.trim();
            }
            return true;
        });
    }

    @Override
    public void close() {
        boolean first = locked(() -> {
            boolean open = !closed;
            closed = true;
            lanes.values().forEach(LaneLog::close);
            changed.signalAll();
            return open;
        });
        if (first) {
            try {
                table.save(clock());
            } finally {
                store.close();
            }
        }
    }

    /** Lets go as a dying process does: nothing is noted. For tests. */
    void abandon() {
        locked(() -> closed = true);
        lanes.values().forEach(LaneLog::close);
        store.close();
    }
}
