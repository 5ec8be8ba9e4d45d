package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A spool in memory that lives on a {@link SimStorage} and dies with its crash. */
public final class SimSpool implements Spool {
    private final SimStorage disk;
    private final SimSpoolFiles files;
    private final Settings settings;
    private final TimeSource time;
    private final Epoch epoch;
    private final SimSpoolLimits limits;
    private final long startTicks;
    private final long startNanos;
    private final int generation;
    private final long tornBytes;
    private final Map<String, SimSource> live = new HashMap<>();
    private boolean closed;

    private SimSpool(SimStorage disk, SimSpoolFiles files, Settings settings, TimeSource time, String nonce) {
        this.disk = disk;
        this.files = files;
        this.settings = settings;
        this.time = time;
        this.limits = new SimSpoolLimits(files, settings.bounds());
        this.startTicks = time.ticks();
        this.startNanos = files.clockNanos;
        this.generation = disk.generation();
        this.tornBytes = files.cutTorn();
        long ordinal = files.epochs.isEmpty() ? 1 : files.epochs.lastKey() + 1;
        this.epoch = new Epoch(files.lineage, ordinal, nonce);
        files.epochs.put(ordinal, epoch);
    }

    /** Opens the spool of that directory on the disk, as a provider does. */
    public static SimSpool open(SimStorage disk, Settings settings, TimeSource time, Entropy entropy) {
        SimSpoolFiles files = disk.spool(settings.directory(), entropy);
        if (files.isOtherVersion()) {
            throw new PortException.Corrupted("spool.version", settings.directory() + " is of another version");
        }
        if (!files.hold()) {
            throw new PortException.Refused("spool.locked", settings.directory() + " is held by this simulation");
        }
        return new SimSpool(disk, files, settings, time, entropy.hex(16));
    }

    static Message empty(Stamp stamp) {
        String id = "void." + stamp.epoch().nonce() + "." + stamp.lane().wireName() + "." + stamp.from();
        return new Message(Delivery.VOID_SUBJECT, id, Map.of(), ByteBuffer.allocate(0), Instant.EPOCH);
    }

    @Override
    public Epoch epoch() {
        return epoch;
    }

    @Override
    public List<Appended> append(Lane lane, List<Message> messages) throws InterruptedException {
        if (messages.isEmpty()) {
            return List.of();
        }
        List<Appended> given = new ArrayList<>();
        long end;
        synchronized (files) {
            mustBeOpen();
            int fits = admit(lane, messages);
            for (Message message : messages.subList(0, fits)) {
                long number = next(lane);
                add(Stamp.message(epoch, files.previous(lane, epoch.ordinal()), lane, number), copy(message));
                given.add(new Appended(lane, number, number));
            }
            if (fits < messages.size()) {
                given.add(addVoid(lane, messages.size() - fits, LaneLimits.OVERFLOW));
            }
            end = files.lane(lane).end();
        }
        sync(lane, end);
        return given;
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) throws InterruptedException {
        long end;
        Appended given;
        synchronized (files) {
            mustBeOpen();
            given = addVoid(lane, count, cause);
            end = files.lane(lane).end();
        }
        sync(lane, end);
        return given;
    }

    private Appended addVoid(Lane lane, long count, String cause) {
        long from = next(lane);
        Stamp stamp = new Stamp(epoch, files.previous(lane, epoch.ordinal()), lane, from, from + count - 1, cause);
        add(stamp, empty(stamp));
        return new Appended(lane, from, stamp.through(), false);
    }

    /** The spool's own clock. */
    private long nanos() {
        return startNanos + time.ticks() - startTicks;
    }

    private static Message copy(Message message) {
        return new Message(
                message.subject(),
                message.id(),
                message.headers(),
                ByteBuffer.wrap(message.bytes()),
                message.created());
    }

    private long next(Lane lane) {
        return files.lane(lane).last.getOrDefault(epoch.ordinal(), 0L) + 1;
    }

    private void add(Stamp stamp, Message message) {
        SimSpoolFiles.LaneFiles lane = files.lane(stamp.lane());
        files.clockNanos = nanos();
        lane.records.add(new SimSpoolFiles.SimRecord(stamp, message, files.clockNanos, false));
        lane.last.put(epoch.ordinal(), stamp.through());
    }

    private int admit(Lane lane, List<Message> messages) {
        if (messages.stream().anyMatch(m -> m.size() > settings.maxMessageBytes())) {
            throw new PortException.Refused("spool.too-large", "more than " + settings.maxMessageBytes() + " bytes");
        }
        if (disk.isFull()) {
            throw new PortException.Refused("spool.full", "the disk is full");
        }
        return limits.room(lane, messages, nanos());
    }

    /** Until the sync is over, a crash takes the records away and nobody reads them. */
    private void sync(Lane lane, long end) throws InterruptedException {
        disk.sync();
        synchronized (files) {
            mustBeOpen();
            files.lane(lane).synced = Math.max(files.lane(lane).synced, end);
            if (lane == Lane.NEWEST) {
                limits.supersede();
            }
            files.notifyAll();
            disk.changed();
        }
    }

    @Override
    public Source source(String reader) {
        synchronized (files) {
            mustBeOpen();
            if (live.containsKey(reader)) {
                throw new PortException.Refused("spool.reader", "reader " + reader + " has a live source already");
            }
            files.marks.computeIfAbsent(reader, _ -> oldest());
            SimSource source = new SimSource(this, disk, files, reader);
            live.put(reader, source);
            return source;
        }
    }

    private Map<Lane, SimSpoolFiles.Mark> oldest() {
        Map<Lane, SimSpoolFiles.Mark> marks = new EnumMap<>(Lane.class);
        files.lanes.forEach((lane, of) -> marks.put(lane, new SimSpoolFiles.Mark(of.first, new TreeMap<>())));
        return marks;
    }

    @Override
    public Stats stats() {
        return SimSpoolView.stats(files, List.of(Lane.values()), tornBytes, nanos());
    }

    @Override
    public Stats stats(Lane lane) {
        return SimSpoolView.stats(files, List.of(lane), tornBytes, nanos());
    }

    @Override
    public void walk(Predicate<Delivery> visitor) {
        synchronized (files) {
            mustBeOpen();
        }
        SimSpoolView.walk(files, visitor);
    }

    /** Looks at the spool of that directory, as a provider does. */
    public static List<SpoolProvider.Finding> check(SimStorage disk, Path directory, Entropy entropy) {
        return disk.spool(directory, entropy).check();
    }

    @Override
    public void trim() {
        synchronized (files) {
            mustBeOpen();
            limits.expire(nanos());
            if (!files.marks.isEmpty()) {
                files.lanes.forEach((lane, of) -> {
                    long gone = Math.max(0, files.slowest(lane) - of.first);
                    of.records.subList(0, (int) gone).clear();
                    of.first += gone;
                });
            }
        }
    }

    boolean isOpen() {
        return !closed && generation == disk.generation();
    }

    void mustBeOpen() {
        if (!isOpen()) {
            throw new PortException.Refused("spool.closed", "the spool is closed");
        }
    }

    void closed(String reader) {
        live.remove(reader);
    }

    @Override
    public void close() {
        synchronized (files) {
            if (isOpen()) {
                List.copyOf(live.values()).forEach(SimSource::close);
                files.lanes.values().forEach(lane -> lane.synced = lane.end());
                files.clockNanos = nanos();
                files.letGo();
            }
            closed = true;
            files.notifyAll();
            disk.changed();
        }
    }
}
