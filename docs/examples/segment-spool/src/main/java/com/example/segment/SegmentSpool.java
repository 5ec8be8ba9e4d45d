package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Durability;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.io.IOException;
import java.nio.file.Files;
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

/** A log of segment files per lane and named readers, under one lock. Any task may call it. */
final class SegmentSpool implements Spool {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Store store;
    private final Settings settings;
    private final TimeSource time;
    private final Epochs epochs;
    private final Epoch epoch;
    private final Map<Lane, LaneLog> lanes = new EnumMap<>(Lane.class);
    private final Map<String, Marks> readers = new HashMap<>();
    private final Map<String, SegmentSource> live = new HashMap<>();
    private final Bounds bounds;
    private final long startTicks;
    private final long startClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    SegmentSpool(Store store, Settings settings, TimeSource time, Entropy entropy, LongSupplier free)
            throws IOException {
        this.store = store;
        this.settings = settings;
        this.time = time;
        Path root = store.root();
        boolean fresh = true;
        for (Lane lane : Lane.values()) {
            fresh &= new Segments(root, "", lane).numbers().isEmpty();
        }
        this.epochs = new Epochs(root, entropy, fresh);
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneLog(new Segments(root, epochs.lineage(), lane), lane, epochs));
        }
        loadReaders(Store.makeDirectory(root.resolve("readers")));
        this.startTicks = time.ticks();
        this.startClock = lanes.values().stream().mapToLong(LaneLog::clock).reduce(epochs.clock(), Math::max);
        this.epoch = epochs.begin(entropy.hex(16), this::isNeeded);
        epochs.save(startClock);
        recount();
        this.bounds = new Bounds(settings, lanes, free);
    }

    private void loadReaders(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(f -> !f.toString().endsWith("~")).toList()) {
                Marks.load(file).ifPresent(marks -> {
                    marks.settle(epochs);
                    readers.put(file.getFileName().toString(), marks);
                });
            }
        }
    }

    /** Whether an epoch has records, or numbers that a reader is not done with. */
    private boolean isNeeded(long ordinal) {
        return lanes.entrySet().stream().anyMatch(e -> {
            Entry.Key next = e.getValue().index().higherKey(new Entry.Key(ordinal, 0));
            return next != null && next.epoch() == ordinal || done(e.getKey(), ordinal) < epochs.last(e.getKey(), ordinal);
        });
    }

    /** What all readers are done with; nothing when there is none. */
    private long done(Lane lane, long ordinal) {
        return readers.values().stream().mapToLong(m -> m.through(lane, ordinal)).min().orElse(0);
    }

    private void recount() {
        lanes.forEach((lane, log) -> epochs.ordinals().forEach(o -> recount(lane, o, Long.MAX_VALUE)));
    }

    private void recount(Lane lane, long ordinal, long through) {
        long done = done(lane, ordinal);
        lanes.get(lane).recount(ordinal, through, e -> e.through() <= done);
    }

    /** The spool's own clock in milliseconds, which no wall clock moves. */
    private long clock() {
        return startClock + (time.ticks() - startTicks) / NANOS_PER_MILLI;
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    @Override
    public List<Appended> append(Lane lane, List<Message> messages) {
        List<byte[]> bodies = messages.stream().map(bounds::encode).toList();
        return locked(() -> {
            LaneLog log = lanes.get(lane);
            int fits = messages.isEmpty() ? 0 : room(lane, bodies);
            List<Appended> given = new ArrayList<>();
            for (int i = 0; i < fits; i++) {
                given.add(lay(log, 1, "", messages.get(i).subject().text(), bodies.get(i)));
            }
            if (fits < messages.size()) {
                given.add(lay(log, messages.size() - fits, LaneLimits.OVERFLOW, "", new byte[0]));
            }
            flush(log, log.collecting());
            return given;
        });
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) {
        if (count < 1 || cause.isEmpty()) {
            throw new IllegalArgumentException("a void of " + count + " numbers for '" + cause + "'");
        }
        return locked(() -> {
            LaneLog log = lanes.get(lane);
            Appended given = lay(log, count, cause, "", new byte[0]);
            flush(log, log.collecting());
            return given;
        });
    }

    private Appended lay(LaneLog log, long numbers, String cause, String subject, byte[] message) {
        long from = log.laid(epoch.ordinal()) + 1;
        log.lay(new Entry(epoch.ordinal(), from, from + numbers - 1, cause, subject, clock(), Entry.Spot.NONE), message);
        return new Appended(log.lane(), from, from + numbers - 1, cause.isEmpty());
    }

    /** How many of the messages, from the first on, may come in. */
    private int room(Lane lane, List<byte[]> messages) {
        LaneLog log = lanes.get(lane);
        if (settings.durability() == Durability.EACH_APPEND) {
            awaitIdle(log);
        }
        bounds.mustLeaveReserve(messages);
        if (!bounds.fit(lane, messages)) {
            expire(log, bounds.limits(lane).maxAge());
        }
        return switch (bounds.limits(lane).overflow()) {
            case REFUSE -> {
                if (!bounds.fit(lane, messages)) {
                    throw bounds.full(lane, messages);
                }
                yield messages.size();
            }
            case DROP_OLDEST -> {
                while (!bounds.fit(lane, messages)) {
                    awaitIdle(log);
                    drop(log, bounds.victims(lane, messages), LaneLimits.OVERFLOW);
                }
                yield messages.size();
            }
            case DROP_NEWEST -> bounds.fitting(lane, messages);
        };
    }

    private void expire(LaneLog log, Duration age) {
        if (age.isPositive()) {
            awaitIdle(log);
            long before = clock() - age.toMillis();
            drop(log, log.waiting().values().stream().takeWhile(e -> e.clock() < before).toList(), LaneLimits.EXPIRED);
        }
    }

    /** Makes voids of messages; durable before anybody sees it. */
    private void drop(LaneLog log, List<Entry> victims, String cause) {
        layVoids(log, victims.stream().map(e -> e.voided(cause)).toList());
    }

    /** Lays voids, together with those of the same cause in front of them, and waits. */
    private void layVoids(LaneLog log, List<Entry> voids) {
        List<Entry> runs = new ArrayList<>();
        for (Entry each : voids) {
            var before = log.index().lowerEntry(each.first());
            Optional<Entry> run = runs.isEmpty()
                    ? Optional.ofNullable(before).map(Map.Entry::getValue)
                    : Optional.of(runs.getLast());
            boolean joins = run.filter(r -> r.behind().equals(each.first()) && r.cause().equals(each.cause())).isPresent();
            if (joins && !runs.isEmpty()) {
                runs.removeLast();
            }
            runs.add(joins ? each.since(run.orElseThrow().from()) : each);
        }
        if (!runs.isEmpty()) {
            runs.forEach(run -> log.lay(run, new byte[0]));
            flush(log, log.collecting());
        }
    }

    private void awaitIdle(LaneLog log) {
        while (!log.isIdle()) {
            changed.awaitUninterruptibly();
            mustBeOpen();
        }
    }

    /** Waits until a block is durable: who finds the file free writes for all who came meanwhile. */
    private void flush(LaneLog log, Block block) {
        while (!block.isDone()) {
            if (log.isWriting()) {
                changed.awaitUninterruptibly();
            } else {
                write(log);
            }
        }
        block.failure().ifPresent(told -> {
            throw told;
        });
    }

    private void write(LaneLog log) {
        log.beginWriting();
        long now = clock();
        Optional<PortException> failure = Optional.empty();
        lock.unlock();
        try {
            log.write(now, bounds.segmentBytes(), settings.durability() != Durability.OPERATING_SYSTEM);
        } catch (IOException e) {
            failure = Optional.of(Store.disk("cannot write lane " + log.lane().wireName(), e));
        } finally {
            lock.lock();
            log.endWriting(failure);
            changed.signalAll();
        }
    }

    @Override
    public Source source(String reader) {
        if (!reader.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("reader name " + reader);
        }
        return locked(() -> {
            if (live.containsKey(reader)) {
                throw new PortException.Refused("spool.reader", "reader " + reader + " has a live source already");
            }
            if (!readers.containsKey(reader)) {
                Marks marks = new Marks(store.root().resolve("readers").resolve(reader));
                if (!readers.isEmpty()) {
                    lanes.forEach((lane, log) -> epochs.ordinals().forEach(o -> marks.begin(lane, o, log.goneThrough(o))));
                }
                marks.save();
                readers.put(reader, marks);
                recount();
            }
            SegmentSource source = new SegmentSource(this, readers.get(reader));
            live.put(reader, source);
            return source;
        });
    }

    void forget(SegmentSource source) {
        lock.lock();
        live.values().remove(source);
        lock.unlock();
    }

    LaneReader reader(Lane lane) {
        return new LaneReader(lanes.get(lane), epochs);
    }

    /** Tries again whenever something changed, until it finds something or the time is over. */
    <T> List<T> await(SegmentSource source, Duration wait, Supplier<List<T>> what) throws InterruptedException {
        long left = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                mustBeOpen(source);
                List<T> found = what.get();
                if (!found.isEmpty() || left <= 0) {
                    return found;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    <T> T locked(SegmentSource source, Supplier<T> what) {
        return locked(() -> {
            mustBeOpen(source);
            return what.get();
        });
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            mustBeOpen();
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    private void mustBeOpen(SegmentSource source) {
        mustBeOpen();
        if (!live.containsValue(source)) {
            throw new PortException.Refused("spool.closed", "the source is closed");
        }
    }

    private void mustBeOpen() {
        if (closed) {
            throw closed();
        }
    }

    private static PortException.Refused closed() {
        return new PortException.Refused("spool.closed", "the spool is closed");
    }

    void commit(Marks marks, DoneMark mark) {
        long ordinal = mark.epoch().ordinal();
        boolean known = epochs.epoch(ordinal).isPresent();
        boolean ours = mark.epoch().lineage().equals(epoch.lineage());
        if (!known && ours && ordinal < epoch.ordinal()) {
            return;
        }
        if (epochs.epoch(ordinal).filter(mark.epoch()::equals).isEmpty()
                || mark.through() > epochs.last(mark.lane(), ordinal)) {
            throw new PortException.Refused("mark.beyond", mark + " is of a number that was never given");
        }
        if (mark.through() > marks.through(mark.lane(), ordinal)) {
            marks.through(mark.lane(), ordinal, mark.through());
            recount(mark.lane(), ordinal, mark.through());
        }
    }

    long waiting(Marks marks) {
        long sum = 0;
        for (Lane lane : Lane.values()) {
            for (long o : epochs.ordinals()) {
                sum += epochs.last(lane, o) - marks.through(lane, o);
            }
        }
        return sum;
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
        lock.lock();
        try {
            return lanes.get(lane).stats(clock());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void walk(Predicate<Delivery> visitor) {
        for (Lane lane : Lane.values()) {
            LaneReader reader = reader(lane);
            Entry.Key at = new Entry.Key(0, 1);
            Optional<Delivery> next = show(reader, at);
            while (next.isPresent()) {
                if (!visitor.test(next.get())) {
                    return;
                }
                next = show(reader, behind(next.get()));
            }
        }
    }

    /** What comes next in the lane. */
    static Entry.Key behind(Delivery delivery) {
        return new Entry.Key(
                delivery.stamp().epoch().ordinal(), delivery.stamp().through() + 1);
    }

    private Optional<Delivery> show(LaneReader reader, Entry.Key at) {
        return locked(() -> reader.read(at, o -> done(reader.lane(), o)));
    }

    @Override
    public void trim() {
        locked(() -> {
            lanes.forEach((lane, log) -> {
                expire(log, bounds.limits(lane).maxAge());
                awaitIdle(log);
                layVoids(log, log.oldVoids(o -> done(lane, o)));
                awaitIdle(log);
                epochs.save(clock());
                log.trim(o -> done(lane, o));
            });
            return true;
        });
    }

    @Override
    public void close() {
        if (end()) {
            epochs.save(clock());
            store.close();
        }
    }

    /** Lets go as a dying process does: nothing is noted. For tests. */
    void abandon() {
        end();
        store.close();
    }

    private boolean end() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            for (LaneLog log : lanes.values()) {
                log.refuse(Optional.of(closed()));
                while (log.isWriting()) {
                    changed.awaitUninterruptibly();
                }
                log.close();
            }
            changed.signalAll();
            return true;
        } catch (IOException e) {
            throw Store.disk("cannot close " + store.root(), e);
        } finally {
            lock.unlock();
        }
    }
}
