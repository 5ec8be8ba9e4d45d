package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A spool in memory that lives on a {@link SimStorage} and dies with its crash. */
public final class SimSpool implements Spool {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final SimStorage disk;
    private final SimSpoolFiles files;
    private final Settings settings;
    private final TimeSource time;
    private final Epoch epoch;
    private final int generation;
    private final long tornBytes;
    private final Map<String, SimSource> live = new HashMap<>();
    private boolean closed;

    private SimSpool(SimStorage disk, SimSpoolFiles files, Settings settings, TimeSource time, String nonce) {
        this.disk = disk;
        this.files = files;
        this.settings = settings;
        this.time = time;
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
            admit(messages);
            for (Message message : messages) {
                long number = next(lane);
                add(Stamp.message(epoch, files.previous(lane, epoch.ordinal()), lane, number), copy(message));
                given.add(new Appended(lane, number, number));
            }
            end = files.lane(lane).end();
        }
        sync(lane, end);
        return given;
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) throws InterruptedException {
        long end;
        long from;
        synchronized (files) {
            mustBeOpen();
            from = next(lane);
            Stamp stamp = new Stamp(epoch, files.previous(lane, epoch.ordinal()), lane, from, from + count - 1, cause);
            add(stamp, empty(stamp));
            end = files.lane(lane).end();
        }
        sync(lane, end);
        return new Appended(lane, from, from + count - 1);
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
        lane.records.add(new SimSpoolFiles.SimRecord(stamp, message, time.ticks()));
        lane.last.put(epoch.ordinal(), stamp.through());
    }

    private void admit(List<Message> messages) {
        long bytes = messages.stream()
                .mapToLong(m -> SimSpoolFiles.OVERHEAD + m.size())
                .sum();
        if (messages.stream().anyMatch(m -> m.size() > settings.maxMessageBytes())) {
            throw new PortException.Refused("spool.too-large", "more than " + settings.maxMessageBytes() + " bytes");
        }
        Stats now = stats();
        boolean over =
                now.records() + messages.size() > settings.maxRecords() || now.bytes() + bytes > settings.maxBytes();
        if (over || disk.isFull()) {
            throw new PortException.Refused("spool.full", "holds " + now.records() + " records");
        }
    }

    /** Until the sync is over, a crash takes the records away and nobody reads them. */
    private void sync(Lane lane, long end) throws InterruptedException {
        disk.sync();
        synchronized (files) {
            mustBeOpen();
            files.lane(lane).synced = Math.max(files.lane(lane).synced, end);
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
        synchronized (files) {
            long records = 0;
            long bytes = 0;
            long diskBytes = 0;
            long damaged = 0;
            @Nullable Long oldest = null;
            for (Map.Entry<Lane, SimSpoolFiles.LaneFiles> entry : files.lanes.entrySet()) {
                SimSpoolFiles.LaneFiles lane = entry.getValue();
                long slowest = files.slowest(entry.getKey());
                for (long place = lane.first; place < lane.end(); place++) {
                    SimSpoolFiles.SimRecord record = lane.at(place);
                    diskBytes += record.bytes();
                    damaged += record.stamp().cause().filter("damaged"::equals).isPresent() ? 1 : 0;
                    if (place >= slowest) {
                        records++;
                        bytes += record.bytes();
                        oldest = oldest == null ? record.ticks() : Math.min(oldest, record.ticks());
                    }
                }
            }
            long age = oldest == null ? 0 : (time.ticks() - oldest) / NANOS_PER_SECOND;
            return new Stats(records, bytes, diskBytes, tornBytes, damaged, age);
        }
    }

    @Override
    public void trim() {
        synchronized (files) {
            mustBeOpen();
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
                files.letGo();
            }
            closed = true;
            files.notifyAll();
            disk.changed();
        }
    }
}
