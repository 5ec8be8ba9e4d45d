package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.SpoolProvider.LogSettings;
import io.machineroom.ports.store.EventLog;
import java.util.List;
import java.util.Optional;

/** One journal; the index of an entry is the number of records before it. Any task may call it. */
final class ChronicleEventLog implements EventLog {
    private static final long SEGMENT = 32 << 20;
    private static final long ORDINAL = 1;

    private final StoreDirectory directory;
    private final Disk disk;
    private final LogSettings settings;
    private final SpoolState state;
    private final SpoolClock clock;
    private final JournalWriter target;
    private final SnapshotStore snapshots;
    private final Evidence evidence;
    private final Arrivals arrivals = new Arrivals();
    private final SpoolWriter writer;
    private volatile long start;
    private volatile boolean wellClosed = true;

    ChronicleEventLog(StoreDirectory directory, Disk disk, LogSettings settings, TimeSource time) {
        this.directory = directory;
        this.disk = disk;
        this.settings = settings;
        this.state = new SpoolState(disk, directory.path().resolve("log.state"));
        Journal journal = new Journal(
                directory.path().resolve("entries"),
                disk,
                JournalSettings.of(settings.maxMessageBytes(), SEGMENT, true),
                state.wasClean(),
                state.rebooted());
        this.clock = new SpoolClock(time, state.clockMillis());
        state.save(false, clock.millis());
        this.target = new JournalWriter(journal, clock);
        this.snapshots = new SnapshotStore(directory.path().resolve("snapshots"), disk);
        this.evidence = new Evidence(directory.path().resolve("evidence"), disk);
        this.start = firstHeld();
        this.writer = new SpoolWriter(disk, false, arrivals::signal, new StateUpkeep());
        writer.start();
    }

    private long firstHeld() {
        try (JournalReader reader = new JournalReader(target.journal())) {
            Optional<Excerpt> excerpt = reader.after(Journal.NONE);
            while (excerpt.isPresent()) {
                Optional<ExcerptHeader> head = ExcerptHeader.read(excerpt.get().bytes());
                if (head.isPresent()) {
                    return head.get().records() - head.get().frames();
                }
                excerpt = reader.after(excerpt.get().index());
            }
            return target.tail().records();
        }
    }

    @Override
    public String storeId() {
        return directory.id();
    }

    @Override
    public long append(List<Entry> entries) throws InterruptedException {
        List<EntryCodec.Prepared> prepared =
                entries.stream().map(EntryCodec.Prepared::of).toList();
        for (EntryCodec.Prepared entry : prepared) {
            int body = entry.message().body().remaining();
            if (body > settings.maxMessageBytes() || entry.bytes() - body > JournalSettings.OVERHEAD_BYTES) {
                throw new PortException.Refused("log.too-large", "an entry of " + entry.bytes() + " bytes");
            }
        }
        return writer.write(target, () -> {
            room(prepared);
            long first = target.open().records();
            for (int i = 0; i < prepared.size(); i++) {
                EntryCodec.Prepared entry = prepared.get(i);
                target.frame(ORDINAL, first + i + 1, entry.bytes(), i > 0, entry::put);
            }
            return first;
        });
    }

    private void room(List<EntryCodec.Prepared> entries) {
        long cost =
                entries.stream().mapToLong(e -> JournalWriter.cost(e.bytes())).sum();
        long free = disk.free().getAsLong();
        if (free - cost < settings.reserveBytes()) {
            throw new PortException.Unavailable(
                    "log.disk", "the disk has " + free + " bytes; " + settings.reserveBytes() + " must stay free");
        }
    }

    @Override
    public long end() {
        return target.tail().records();
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public Reader reader(long fromIndex) {
        return new EventLogReader(target.journal(), disk, evidence, arrivals, fromIndex);
    }

    @Override
    public void saveSnapshot(long index, byte[] bytes) {
        if (index < 0 || index > end()) {
            throw new IllegalArgumentException("a snapshot of " + index + " entries; there are " + end());
        }
        snapshots.save(index, bytes);
    }

    @Override
    public Optional<Snapshot> snapshot() {
        return snapshots.newest();
    }

    @Override
    public void trim(long index) {
        long covered = snapshots.newest().map(Snapshot::index).orElse(0L);
        long bound = Math.min(index, covered);
        try {
            writer.write(null, () -> {
                target.journal().trim(firstNeeded(bound));
                start = firstHeld();
                return true;
            });
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The segment that holds the entry {@code bound}, or the last one known to begin at or before it. */
    private int firstNeeded(long bound) {
        try (JournalReader reader = new JournalReader(target.journal())) {
            return EventLogReader.segmentOf(reader, target.journal().segments(), bound);
        }
    }

    @Override
    public void close() {
        writer.close();
        arrivals.signal();
    }

    /** Lets go of everything as a dying process does. For tests. */
    void abandon() {
        wellClosed = false;
        close();
    }

    /** Saves the clock each minute, and at the end that all is well. */
    private final class StateUpkeep implements SpoolWriter.Upkeep {
        @Override
        public void tick() {
            state.save(false, clock.millis());
        }

        @Override
        public void end() {
            boolean settled = target.journal().settle();
            target.journal().close();
            if (wellClosed && settled) {
                state.save(true, clock.millis());
            }
            state.close();
            directory.close();
        }
    }
}
