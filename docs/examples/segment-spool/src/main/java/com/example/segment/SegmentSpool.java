package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Durability;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
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
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A log of segment files per lane and named readers, under one lock, which {@link Gate} has. Any task may call it. */
final class SegmentSpool implements Spool {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Store store;
    private final Settings settings;
    private final TimeSource time;
    private final Epochs epochs;
    private final Epoch epoch;
    private final Map<Lane, LaneLog> lanes = new EnumMap<>(Lane.class);
    private final Readers readers;
    private final Map<String, SegmentSource> live = new HashMap<>();
    private final Bounds bounds;
    private final long startTicks;
    private final long startClock;
    private final Gate gate;

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
        this.readers = new Readers(Store.makeDirectory(root.resolve("readers")), lanes, epochs);
        this.startTicks = time.ticks();
        this.startClock = lanes.values().stream().mapToLong(LaneLog::clock).reduce(epochs.clock(), Math::max);
        this.epoch = epochs.begin(entropy.hex(16), readers::isNeeded);
        epochs.save(startClock);
        readers.recount();
        this.bounds = new Bounds(settings, lanes, free);
        this.gate = new Gate(this::clock, bounds.segmentBytes(), settings.durability() != Durability.OPERATING_SYSTEM);
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
        return gate.locked(() -> {
            LaneLog log = lanes.get(lane);
            int fits = messages.isEmpty() ? 0 : room(lane, bodies);
            List<Appended> given = new ArrayList<>();
            for (int i = 0; i < fits; i++) {
                given.add(lay(log, 1, "", messages.get(i).subject().text(), bodies.get(i)));
            }
            if (fits < messages.size()) {
                given.add(lay(log, messages.size() - fits, LaneLimits.OVERFLOW, "", new byte[0]));
            }
            gate.flush(log, log.collecting());
            return given;
        });
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) {
        if (count < 1 || cause.isEmpty()) {
            throw new IllegalArgumentException("a void of " + count + " numbers for '" + cause + "'");
        }
        return gate.locked(() -> {
            LaneLog log = lanes.get(lane);
            Appended given = lay(log, count, cause, "", new byte[0]);
            gate.flush(log, log.collecting());
            return given;
        });
    }

    private Appended lay(LaneLog log, long numbers, String cause, String subject, byte[] message) {
        long from = log.laid(epoch.ordinal()) + 1;
        log.lay(
                new Entry(epoch.ordinal(), from, from + numbers - 1, cause, subject, clock(), Entry.Spot.NONE),
                message);
        return new Appended(log.lane(), from, from + numbers - 1, cause.isEmpty());
    }

    /** How many of the messages, from the first on, may come in. */
    private int room(Lane lane, List<byte[]> messages) {
        LaneLog log = lanes.get(lane);
        if (settings.durability() == Durability.EACH_APPEND) {
            gate.awaitIdle(log);
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
                    gate.awaitIdle(log);
                    drop(log, bounds.victims(lane, messages), LaneLimits.OVERFLOW);
                }
                yield messages.size();
            }
            case DROP_NEWEST -> bounds.fitting(lane, messages);
        };
    }

    private void expire(LaneLog log, Duration age) {
        if (age.isPositive()) {
            gate.awaitIdle(log);
            long before = clock() - age.toMillis();
            drop(
                    log,
                    log.index().waiting().values().stream()
                            .takeWhile(e -> e.clock() < before)
                            .toList(),
                    LaneLimits.EXPIRED);
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
            Optional<Entry> run = runs.isEmpty() ? log.index().before(each.first()) : Optional.of(runs.getLast());
            boolean joins = run.filter(
                            r -> r.behind().equals(each.first()) && r.cause().equals(each.cause()))
                    .isPresent();
            if (joins && !runs.isEmpty()) {
                runs.removeLast();
            }
            runs.add(joins ? each.since(run.orElseThrow().from()) : each);
        }
        if (!runs.isEmpty()) {
            runs.forEach(run -> log.lay(run, new byte[0]));
            gate.flush(log, log.collecting());
        }
    }

    @Override
    public Source source(String reader) {
        if (!reader.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("reader name " + reader);
        }
        return gate.locked(() -> {
            if (live.containsKey(reader)) {
                throw new PortException.Refused("spool.reader", "reader " + reader + " has a live source already");
            }
            SegmentSource source = new SegmentSource(this, readers, readers.named(reader));
            live.put(reader, source);
            return source;
        });
    }

    void forget(SegmentSource source) {
        gate.always(() -> live.values().remove(source));
    }

    LaneReader reader(Lane lane) {
        return new LaneReader(lanes.get(lane), epochs);
    }

    /** Work of a source, under the lock. */
    <T> T locked(SegmentSource source, Supplier<T> what) {
        return gate.locked(() -> {
            mustLive(source);
            return what.get();
        });
    }

    /** Again whenever something changed, until it finds something or the time is over. */
    <T> List<T> await(SegmentSource source, Duration wait, Supplier<List<T>> what) throws InterruptedException {
        return gate.await(wait, () -> {
            mustLive(source);
            return what.get();
        });
    }

    private void mustLive(SegmentSource source) {
        if (!live.containsValue(source)) {
            throw new PortException.Refused("spool.closed", "the source is closed");
        }
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
        return gate.always(() -> lanes.get(lane).stats(clock()));
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
                next = show(reader, LaneReader.behind(next.get()));
            }
        }
    }

    private Optional<Delivery> show(LaneReader reader, Entry.Key at) {
        return gate.locked(() -> reader.read(at, o -> readers.done(reader.lane(), o)));
    }

    @Override
    public void trim() {
        gate.locked(() -> {
            lanes.forEach((lane, log) -> {
                expire(log, bounds.limits(lane).maxAge());
                gate.awaitIdle(log);
                layVoids(log, log.oldVoids(o -> readers.done(lane, o)));
                gate.awaitIdle(log);
                epochs.save(clock());
                log.trim(o -> readers.done(lane, o));
            });
            return true;
        });
    }

    @Override
    public void close() {
        if (gate.close(lanes.values())) {
            try {
                epochs.save(clock());
            } finally {
                store.close();
            }
        }
    }

    /** Lets go as a dying process does: nothing is noted. For tests. */
    void abandon() {
        gate.close(lanes.values());
        store.close();
    }
}
