package io.machineroom.chronicle;

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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** A journal per lane, one writer thread for all, named readers with their marks. Any task may call it. */
final class ChronicleSpool implements Spool {
    private static final long MIN_SEGMENT = 1 << 20;
    private static final long MAX_SEGMENT = 32 << 20;
    private static final int SEGMENTS = 16;

    private final StoreDirectory directory;
    private final Disk disk;
    private final TimeSource time;
    private final SpoolState state;
    private final SpoolClock clock;
    private final EpochTable epochs;
    private final Epoch epoch;
    private final Map<Lane, SpoolLane> lanes = new EnumMap<>(Lane.class);
    private final Readers readers;
    private final Admission admission;
    private final Drops drops;
    private final NewestIndex newest = new NewestIndex();
    private final Evidence evidence;
    private final SpoolView view;
    private final Arrivals arrivals = new Arrivals();
    private final SpoolWriter writer;
    private final Map<String, ChronicleSource> live = new ConcurrentHashMap<>();
    private volatile boolean wellClosed = true;

    ChronicleSpool(StoreDirectory directory, Disk disk, Settings settings, TimeSource time, Entropy entropy) {
        this.directory = directory;
        this.disk = disk;
        this.time = time;
        this.state = new SpoolState(disk, directory.path().resolve("spool.state"));
        Map<Lane, Journal> journals = openJournals(settings);
        long tornBytes =
                journals.values().stream().mapToLong(Journal::tornBytes).sum();
        boolean records = journals.values().stream().anyMatch(j -> j.published() != Journal.NONE);
        this.readers = new Readers(directory.path().resolve("readers"), disk);
        this.drops = new Drops(disk, directory.path().resolve("spool.drops"));
        this.epochs = EpochTable.load(directory.path().resolve("spool.epochs"), disk, directory.id(), records);
        long clockMillis = state.clockMillis();
        for (Map.Entry<Lane, Journal> lane : journals.entrySet()) {
            ExcerptHeader last = lane.getValue().lastAtOpening();
            if (last != null) {
                epochs.ended(lane.getKey(), last.ordinal(), last.last());
                clockMillis = Math.max(clockMillis, last.clockMillis());
            }
        }
        this.clock = new SpoolClock(time, clockMillis);
        long first = journals.values().stream()
                .mapToLong(JournalReader::firstEpoch)
                .min()
                .orElse(Long.MAX_VALUE);
        epochs.forget(Math.min(first, drops.oldestEpoch()));
        this.epoch = epochs.begin(entropy.hex(16));
        epochs.save(directory.path().resolve("spool.epochs"), disk);
        state.save(false, clock.millis());
        this.evidence = new Evidence(directory.path().resolve("evidence"), disk);
        journals.forEach((lane, journal) -> lanes.put(lane, lane(lane, journal)));
        this.admission = new Admission(settings, disk, clock, lanes);
        noteNewest();
        this.view = new SpoolView(lanes, new BacklogAge(clock), evidence, tornBytes);
        this.writer = new SpoolWriter(
                disk, settings.durability() == Durability.EACH_APPEND, arrivals::signal, new StateUpkeep());
        writer.start();
    }

    private SpoolLane lane(Lane lane, Journal journal) {
        JournalWriter to = new JournalWriter(journal, clock);
        LaneParts parts = new LaneParts(lane, to, epochs, drops, evidence, lane == Lane.NEWEST ? newest : null);
        Place first = SpoolLane.oldest(to, epoch);
        LanePruner pruner = new LanePruner(parts, () -> readers.slowest(lane).orElse(first));
        return new SpoolLane(epoch, to, parts, pruner);
    }

    /** Looks at what waits in lane {@code NEWEST}, which the limits of the lane keep short. */
    private void noteNewest() {
        SpoolLane of = lane(Lane.NEWEST);
        try (LaneCursor cursor = of.parts().plainCursor(of.pruner().oldest())) {
            for (Item item = cursor.next(); item != null; item = cursor.next()) {
                Message message = item.message();
                if (message != null && item.head().voidCause() == null) {
                    newest.put(
                            message.subject(),
                            item.head().ordinal(),
                            item.head().from());
                }
            }
        }
    }

    private Map<Lane, Journal> openJournals(Settings settings) {
        // a segment goes as a whole: on a small disk it must not be all of it
        long room = Math.min(settings.maxBytes(), disk.free().getAsLong());
        long segment = Math.clamp(room / SEGMENTS, MIN_SEGMENT, MAX_SEGMENT);
        JournalSettings sizes = JournalSettings.of(
                settings.maxMessageBytes(), segment, settings.durability() != Durability.OPERATING_SYSTEM);
        Map<Lane, Journal> journals = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            journals.put(
                    lane,
                    new Journal(
                            directory.path().resolve(lane.wireName()),
                            disk,
                            sizes,
                            state.wasClean(),
                            state.rebooted()));
        }
        return journals;
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
        List<MessageCodec.Prepared> prepared = admission.prepare(messages);
        SpoolLane to = lane(lane);
        SpoolLane.Laid laid = writer.write(to.writer(), () -> lay(to, lane, prepared));
        while (laid.isLater()) {
            laid = writer.write(to.writer(), () -> lay(to, lane, prepared));
        }
        List<Appended> given = new ArrayList<>();
        for (int i = 0; i < laid.kept(); i++) {
            long number = laid.from() + i;
            given.add(new Appended(lane, number, number));
            if (lane == Lane.NEWEST) {
                newest.put(messages.get(i).subject(), epoch.ordinal(), number);
            }
        }
        if (laid.kept() < messages.size()) {
            given.add(new Appended(lane, laid.from() + laid.kept(), laid.from() + messages.size() - 1, false));
        }
        return given;
    }

    /** Writer thread. */
    private SpoolLane.Laid lay(SpoolLane to, Lane lane, List<MessageCodec.Prepared> messages) throws IOException {
        int fits = admission.room(lane, messages);
        if (fits == Admission.LATER) {
            return SpoolLane.Laid.LATER;
        }
        long from = to.next();
        if (fits > 0) {
            to.append(messages.subList(0, fits));
        }
        if (fits < messages.size()) {
            to.skip(messages.size() - fits, LaneLimits.OVERFLOW, time.wall());
        }
        return new SpoolLane.Laid(from, fits);
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) throws InterruptedException {
        if (count < 1 || cause.isEmpty()) {
            throw new IllegalArgumentException("a void of " + count + " numbers for '" + cause + "'");
        }
        SpoolLane to = lane(lane);
        return writer.write(to.writer(), () -> to.skip(count, cause, time.wall()));
    }

    private SpoolLane lane(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    @Override
    public Source source(String name) {
        Readers.Reader reader = readers.open(name, this::oldestMarks);
        Map<Lane, LaneReader> from = new EnumMap<>(Lane.class);
        lanes.forEach((lane, of) -> {
            LaneMark mark = reader.mark(lane);
            from.put(lane, new LaneReader(of.parts().cursor(mark.place()), mark));
        });
        ChronicleSource source = new ChronicleSource(
                new ChronicleSource.Shared(disk, epochs, directory.id(), arrivals, s -> live.remove(name, s)),
                reader,
                from);
        if (live.putIfAbsent(name, source) != null) {
            throw new PortException.Refused("spool.reader", "reader " + name + " has a live source already");
        }
        return source;
    }

    private Map<Lane, LaneMark> oldestMarks() {
        Map<Lane, LaneMark> marks = new EnumMap<>(Lane.class);
        lanes.forEach((lane, of) -> marks.put(lane, new LaneMark(drops.first(lane, of.oldest()), new TreeMap<>())));
        return marks;
    }

    @Override
    public Stats stats() {
        return view.stats();
    }

    @Override
    public Stats stats(Lane lane) {
        return view.stats(lane(lane));
    }

    @Override
    public void walk(Predicate<Delivery> visitor) throws InterruptedException {
        view.walk(visitor);
    }

    @Override
    public void trim() {
        try {
            writer.write(null, () -> {
                lanes.forEach((lane, of) -> {
                    admission.expire(lane);
                    of.pruner().supersede();
                    Place reader = readers.slowest(lane).orElse(null);
                    long index =
                            reader == null ? Journal.NONE : of.pruner().oldest().index();
                    of.writer().journal().trim(index == Journal.NONE ? 0 : Segments.segmentOf(index));
                });
                return true;
            });
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        List.copyOf(live.values()).forEach(ChronicleSource::close);
        writer.close();
        arrivals.signal();
    }

    /** Lets go of everything as a dying process does: the next opening sees that nothing was closed. For tests. */
    void abandon() {
        wellClosed = false;
        close();
    }

    /** Saves the clock each minute, and at the end that all is well. */
    private final class StateUpkeep implements SpoolWriter.Upkeep {
        @Override
        public void group() {
            admission.group();
        }

        @Override
        public void tick() {
            state.save(false, clock.millis());
        }

        @Override
        public void end() {
            view.close();
            long unsettled = lanes.values().stream().filter(l -> !l.end()).count();
            drops.close();
            readers.close();
            try {
                if (wellClosed && unsettled == 0) {
                    state.save(true, clock.millis());
                    lanes.forEach((lane, of) -> epochs.ended(lane, of.writer().tail()));
                    epochs.save(directory.path().resolve("spool.epochs"), disk); // damage to tails shall be noticed
                }
            } catch (PortException.Unavailable e) {
                System.getLogger(ChronicleSpool.class.getName())
                        .log(System.Logger.Level.WARNING, "closed on a disk that takes nothing", e);
            } finally {
                state.close();
                directory.close();
            }
        }
    }
}
