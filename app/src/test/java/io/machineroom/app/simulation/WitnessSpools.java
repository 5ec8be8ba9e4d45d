package io.machineroom.app.simulation;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The simulated spools and logs of a box, with somebody who writes down what they promised. */
record WitnessSpools(SimWorld world, Box box) implements SpoolProvider {
    @Override
    public String name() {
        return "sim";
    }

    @Override
    public Spool open(Settings settings, TimeSource time, Entropy entropy) {
        Settings kept = world.boundless() ? Settings.defaults(settings.directory()) : settings;
        return new WitnessSpool(SimSpool.open(box.storage(), kept, time, entropy), settings);
    }

    @Override
    public EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy) {
        return new WitnessLog(SimEventLog.open(box.storage(), settings, entropy));
    }

    @Override
    public long check(Path directory, Consumer<Finding> findings) {
        throw new PortException.Refused("spool.absent", "nobody looks into the files of a simulated box");
    }

    private void note(String what, Object about) {
        world.sim().note(box.name());
        world.sim().note(what);
        world.sim().note(about.toString());
    }

    private final class WitnessSpool implements Spool {
        private final Spool spool;
        private final Settings settings;

        WitnessSpool(Spool spool, Settings settings) {
            this.spool = spool;
            this.settings = settings;
            note("open", spool.epoch());
        }

        @Override
        public Epoch epoch() {
            return spool.epoch();
        }

        @Override
        public List<Appended> append(Lane lane, List<Message> messages) throws InterruptedException {
            List<Appended> given = spool.append(lane, messages);
            for (int i = 0; i < given.size(); i++) {
                note("append", given.get(i));
                world.truth().accepted(box.name(), epoch(), lane, given.get(i).from(), messages.get(i));
            }
            Stats stats = spool.stats();
            if (stats.bytes() > settings.maxBytes() || stats.records() > settings.maxRecords()) {
                world.truth().alarm().raise(Invariant.SPOOL_BOUNDED, box.name() + " " + stats);
            }
            return given;
        }

        @Override
        public Appended skip(Lane lane, long count, String cause) throws InterruptedException {
            Appended skipped = spool.skip(lane, count, cause);
            note("skip", skipped);
            world.truth().skipped(box.name(), epoch(), lane, skipped.from(), skipped.through());
            return skipped;
        }

        @Override
        public Source source(String reader) {
            return new WitnessSource(spool.source(reader));
        }

        @Override
        public Stats stats() {
            return spool.stats();
        }

        @Override
        public Stats stats(Lane lane) {
            return spool.stats(lane);
        }

        @Override
        public void walk(Predicate<Delivery> visitor) throws InterruptedException {
            spool.walk(visitor);
        }

        @Override
        public void trim() {
            spool.trim();
        }

        @Override
        public void close() {
            spool.close();
        }
    }

    private final class WitnessSource implements Source {
        private final Source source;

        WitnessSource(Source source) {
            this.source = source;
        }

        @Override
        public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
            return source.read(maxMessages, maxBytes, wait);
        }

        @Override
        public void rewind() {
            note("rewind", "");
            source.rewind();
        }

        @Override
        public void commit(DoneMark mark) {
            source.commit(mark);
            note("commit", mark);
            world.truth().committed(box.name(), mark);
        }

        @Override
        public long waiting() {
            return source.waiting();
        }

        @Override
        public void close() {
            source.close();
        }
    }

    private final class WitnessLog implements EventLog {
        private final EventLog log;

        WitnessLog(EventLog log) {
            this.log = log;
        }

        @Override
        public String storeId() {
            return log.storeId();
        }

        @Override
        public long append(List<Entry> entries) throws InterruptedException {
            List<Entry> kept = entries.stream()
                    .filter(entry -> !world.forgotten().test(entry))
                    .toList();
            long from = kept.isEmpty() ? log.end() : log.append(kept);
            for (Entry entry : kept) {
                note("store", entry.stamp());
                world.truth().stored(entry);
                world.stored(entry);
            }
            return from;
        }

        @Override
        public long end() {
            return log.end();
        }

        @Override
        public long start() {
            return log.start();
        }

        @Override
        public Reader reader(long fromIndex) {
            return log.reader(fromIndex);
        }

        @Override
        public void saveSnapshot(long index, byte[] state) {
            log.saveSnapshot(index, state);
        }

        @Override
        public Optional<Snapshot> snapshot() {
            return log.snapshot();
        }

        @Override
        public void trim(long index) {
            log.trim(index);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
