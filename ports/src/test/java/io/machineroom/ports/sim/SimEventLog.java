package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.spool.SpoolProvider.LogSettings;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An event log in memory that lives on a {@link SimStorage} and dies with its crash. */
public final class SimEventLog implements EventLog {
    private final SimStorage disk;
    private final SimLogFiles files;
    private final LogSettings settings;
    private final int generation;
    private boolean closed;

    private SimEventLog(SimStorage disk, SimLogFiles files, LogSettings settings) {
        this.disk = disk;
        this.files = files;
        this.settings = settings;
        this.generation = disk.generation();
    }

    /** Opens the log of that directory on the disk, as a provider does. */
    public static SimEventLog open(SimStorage disk, LogSettings settings, Entropy entropy) {
        SimLogFiles files = disk.log(settings, entropy);
        if (!files.hold()) {
            throw new PortException.Refused("log.locked", settings.directory() + " is held by this simulation");
        }
        return new SimEventLog(disk, files, settings);
    }

    @Override
    public String storeId() {
        return files.storeId;
    }

    @Override
    public long append(List<Entry> entries) throws InterruptedException {
        long from;
        long end;
        synchronized (files) {
            mustBeOpen();
            if (entries.stream().anyMatch(e -> e.message().size() > settings.maxMessageBytes())) {
                throw new PortException.Refused("log.too-large", "more than " + settings.maxMessageBytes() + " bytes");
            }
            if (disk.isFull()) {
                throw new PortException.Unavailable("log.disk", "the disk is full");
            }
            from = files.end();
            entries.forEach(e -> files.entries.add(copy(e)));
            end = files.end();
        }
        disk.sync();
        synchronized (files) {
            mustBeOpen();
            files.synced = Math.max(files.synced, end);
            files.notifyAll();
            disk.changed();
        }
        return from;
    }

    private static Entry copy(Entry e) {
        Message m = e.message();
        Message copy = new Message(m.subject(), m.id(), m.headers(), ByteBuffer.wrap(m.bytes()), m.created());
        return new Entry(e.customer(), e.site(), e.identity(), e.nodeKey(), e.stamp(), copy, e.received());
    }

    @Override
    public long end() {
        synchronized (files) {
            return files.synced;
        }
    }

    @Override
    public long start() {
        synchronized (files) {
            return files.first;
        }
    }

    @Override
    public Reader reader(long fromIndex) {
        return new Following(fromIndex);
    }

    @Override
    public void saveSnapshot(long index, byte[] state) {
        synchronized (files) {
            mustBeOpen();
            if (index < 0 || index > files.synced) {
                throw new IllegalArgumentException("a snapshot of " + index + " entries");
            }
            files.snapshot = new Snapshot(index, state.clone());
        }
    }

    @Override
    public Optional<Snapshot> snapshot() {
        synchronized (files) {
            return Optional.ofNullable(files.snapshot);
        }
    }

    @Override
    public void trim(long index) {
        synchronized (files) {
            mustBeOpen();
            long covered = snapshot().map(Snapshot::index).orElse(0L);
            long gone = Math.max(0, Math.min(index, covered) - files.first);
            files.entries.subList(0, (int) gone).clear();
            files.first += gone;
        }
    }

    private boolean isOpen() {
        return !closed && generation == disk.generation();
    }

    private void mustBeOpen() {
        if (!isOpen()) {
            throw new PortException.Refused("log.closed", "the log is closed");
        }
    }

    @Override
    public void close() {
        synchronized (files) {
            if (isOpen()) {
                files.synced = files.end();
                files.letGo();
            }
            closed = true;
            files.notifyAll();
            disk.changed();
        }
    }

    /** A reader with its place. */
    private final class Following implements Reader {
        private long next;

        private Following(long next) {
            this.next = next;
        }

        @Override
        public List<Stored> read(int maxEntries, Duration wait) throws InterruptedException {
            List<Stored> batch = take(maxEntries);
            if (batch.isEmpty() && !wait.isZero()) {
                disk.await("entries", this::somethingThere, wait);
                batch = take(maxEntries);
            }
            return batch;
        }

        private boolean somethingThere() {
            synchronized (files) {
                return !isOpen() || files.synced > next;
            }
        }

        private List<Stored> take(int maxEntries) {
            List<Stored> batch = new ArrayList<>();
            synchronized (files) {
                mustBeOpen();
                next = Math.max(next, files.first);
                while (next < files.synced && batch.size() < maxEntries) {
                    batch.add(new Stored(next, files.entries.get((int) (next - files.first))));
                    next++;
                }
            }
            return batch;
        }

        @Override
        public void close() {
            next = Long.MAX_VALUE;
        }
    }
}
