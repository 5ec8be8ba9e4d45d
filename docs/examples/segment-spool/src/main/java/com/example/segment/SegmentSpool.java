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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** A log of segment files per lane, one writer thread, named readers. Any task may call it. */
final class SegmentSpool implements Spool {
    private static final long MIN_SEGMENT = 1 << 20;
    private static final long MAX_SEGMENT = 4 << 20;
    private static final String CLOCK = "spool.clock";
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Store store;
    private final TimeSource time;
    private final Epochs epochs;
    private final Epoch epoch;
    private final Evidence evidence;
    private final Map<Lane, LaneState> lanes = new EnumMap<>(Lane.class);
    private final Map<Lane, LaneWriter> writers = new EnumMap<>(Lane.class);
    private final Map<String, Marks> readers = new ConcurrentHashMap<>();
    private final Map<String, SegmentSource> live = new ConcurrentHashMap<>();
    private final Bounds bounds;
    private final Writer writer;
    private final long startTicks;
    private final long startClock;
    private long published;
    private volatile boolean closed;

    SegmentSpool(Store store, Settings settings, TimeSource time, Entropy entropy, LongSupplier free) {
        this.store = store;
        this.time = time;
        Path root = store.root();
        long segment = Math.clamp(settings.maxBytes() / 16, MIN_SEGMENT, MAX_SEGMENT);
        Map<Lane, LaneLog> logs = logs(root, segment, settings.durability() != Durability.OPERATING_SYSTEM);
        this.epochs = new Epochs(
                root,
                store.lineage(),
                logs.values().stream().anyMatch(l -> l.end().records() > 0));
        logs.forEach(
                (lane, log) -> epochs.ended(lane, log.end().epoch(), log.end().next() - 1));
        this.evidence = new Evidence(root);
        loadReaders(Store.makeDirectory(root.resolve("readers")));
        Drops drops = new Drops(root);
        long oldest = drops.oldestEpoch();
        for (Map.Entry<Lane, LaneLog> log : logs.entrySet()) {
            LaneState state = new LaneState(log.getValue(), epochs, drops, new Newest(), evidence, readers.values());
            lanes.put(log.getKey(), state);
            oldest = state.oldest().epoch() == 0
                    ? oldest
                    : Math.min(oldest, state.oldest().epoch());
        }
        this.epoch = epochs.begin(entropy.hex(16), oldest);
        lanes.get(Lane.NEWEST).noteNewest();
        this.startTicks = time.ticks();
        this.startClock = Math.max(
                Store.load(root.resolve(CLOCK)).map(Long::parseLong).orElse(0L),
                logs.values().stream().mapToLong(LaneLog::clock).max().orElse(0));
        lanes.forEach((lane, state) -> writers.put(lane, new LaneWriter(state, epoch.ordinal(), segment)));
        this.bounds = new Bounds(settings, writers, free, this::clock);
        this.writer = new Writer(
                writers.values(),
                this::clock,
                settings.durability() == Durability.EACH_APPEND,
                this::signal,
                () -> Store.save(root.resolve(CLOCK), Long.toString(clock())));
    }

    private static Map<Lane, LaneLog> logs(Path root, long segment, boolean syncs) {
        Map<Lane, LaneLog> logs = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            logs.put(lane, new LaneLog(root.resolve(lane.wireName()), lane, segment, syncs));
        }
        return logs;
    }

    private void loadReaders(Path directory) {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith("~")) {
                    Marks.load(file).ifPresent(marks -> readers.put(name, marks));
                }
            }
        } catch (IOException e) {
            throw Store.disk("cannot list " + directory, e);
        }
    }

    /** The spool's own clock, which no wall clock moves. */
    private long clock() {
        return startClock + (time.ticks() - startTicks) / NANOS_PER_MILLI;
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    @Override
    public List<Appended> append(Lane lane, List<Message> messages) throws InterruptedException {
        mustBeOpen();
        if (messages.isEmpty()) {
            return List.of();
        }
        messages.forEach(bounds::size);
        LaneWriter to = writers.get(lane);
        List<Appended> given = writer.ask(Optional.of(to), () -> {
            int fits = bounds.room(to, messages);
            return lay(to, messages.subList(0, fits), messages.size() - fits, LaneLimits.OVERFLOW);
        });
        if (lane == Lane.NEWEST) {
            given.stream()
                    .filter(Appended::kept)
                    .forEach(a -> lanes.get(lane)
                            .newest()
                            .put(
                                    messages.get((int)
                                                    (a.from() - given.getFirst().from()))
                                            .subject(),
                                    new Frame.Numbers(epoch.ordinal(), a.from(), a.from())));
        }
        return given;
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) throws InterruptedException {
        mustBeOpen();
        if (count < 1 || cause.isEmpty()) {
            throw new IllegalArgumentException("a void of " + count + " numbers for '" + cause + "'");
        }
        LaneWriter to = writers.get(lane);
        return writer.ask(Optional.of(to), () -> lay(to, List.of(), count, cause))
                .getFirst();
    }

    private List<Appended> lay(LaneWriter to, List<Message> messages, long voids, String cause) throws IOException {
        Lane lane = to.state().lane();
        long next = to.next();
        Message empty = Item.empty(epoch, lane, next + messages.size());
        to.add(messages, empty, voids, cause, clock());
        List<Appended> given = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            given.add(new Appended(lane, next + i, next + i));
        }
        if (voids > 0) {
            given.add(new Appended(lane, next + messages.size(), next + messages.size() + voids - 1, false));
        }
        return given;
    }

    @Override
    public synchronized Source source(String reader) {
        mustBeOpen();
        if (!reader.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("reader name " + reader);
        }
        if (live.containsKey(reader)) {
            throw new PortException.Refused("spool.reader", "reader " + reader + " has a live source already");
        }
        Marks marks = readers.computeIfAbsent(reader, name -> {
            Map<Lane, Place> oldest = new EnumMap<>(Lane.class);
            lanes.forEach((lane, state) -> oldest.put(lane, state.drops().first(lane, state.oldest())));
            return Marks.begin(store.root().resolve("readers").resolve(name), oldest);
        });
        SegmentSource source = new SegmentSource(this, lanes, marks, () -> live.remove(reader));
        live.put(reader, source);
        return source;
    }

    @Override
    public Stats stats() {
        return LaneState.stats(lanes.values(), clock(), evidence.count());
    }

    @Override
    public Stats stats(Lane lane) {
        return lanes.get(lane).stats(clock());
    }

    @Override
    public void walk(Predicate<Delivery> visitor) {
        mustBeOpen();
        for (LaneState lane : lanes.values()) {
            Cursor cursor = lane.cursor(lane.waiting());
            for (Optional<Item> item = cursor.next(); item.isPresent(); item = cursor.next()) {
                if (!visitor.test(item.get().delivery(lane.lane(), epochs, 1))) {
                    return;
                }
            }
        }
    }

    @Override
    public void trim() {
        mustBeOpen();
        try {
            writer.ask(Optional.empty(), () -> {
                for (LaneWriter lane : writers.values()) {
                    bounds.expire(lane);
                    bounds.supersede(lane);
                    if (!readers.isEmpty()) {
                        lane.state().log().trim(lane.state().waiting().segment());
                    }
                }
                return true;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void mustBeOpen() {
        if (closed) {
            throw Writer.closed();
        }
    }

    boolean isClosed() {
        return closed;
    }

    private synchronized void signal() {
        published++;
        notifyAll();
    }

    /** Changes when there may be more to read. */
    synchronized long published() {
        return published;
    }

    /** Waits until that has changed; false when it did not in time. */
    synchronized boolean awaitPublished(long seen, long deadlineNanos) throws InterruptedException {
        while (published == seen) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
        }
        return true;
    }

    @Override
    public void close() {
        if (end()) {
            lanes.forEach((lane, state) -> epochs.ended(
                    lane, state.log().end().epoch(), state.log().end().next() - 1));
            epochs.save();
            Store.save(store.root().resolve(CLOCK), Long.toString(clock()));
            store.close();
        }
    }

    /** Lets go as a dying process does: nothing is noted. For tests. */
    void abandon() {
        end();
        store.close();
    }

    private boolean end() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        writer.close();
        lanes.values().forEach(lane -> lane.log().close());
        signal();
        return true;
    }
}
