package io.machineroom.chronicle;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** A spool at work, recorded: two openings with appends of one and of many, large and small, commits and trims. */
final class SpoolStory {
    private static final List<Lane> LANES = List.of(Lane.URGENT, Lane.NORMAL, Lane.BULK);
    private static final int LARGE = 180 << 10;

    private final SpoolProvider.Settings settings;
    private final DirectoryRecorder<Known> recorder;
    private final ChronicleSpoolProvider provider;
    private final Map<Lane, List<Record>> records = new EnumMap<>(Lane.class);
    private volatile Known known = Known.nothing();

    /** One record, in the order of its lane. */
    static final class Record {
        final int number;
        final int bytes;
        long ordinal;
        long stamp;

        private Record(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        String id(Lane lane) {
            return lane.wireName() + "." + number;
        }
    }

    /** Of one lane, how many records were begun and accepted, and how many commits of records; counted since ever. */
    record Counts(int accepted, int begun, int committed, int committing) {}

    /** What the owner of the spool knew; {@code ordinal} is that of the epoch that was opened last. */
    record Known(Map<Lane, Counts> lanes, long ordinal) {
        static Known nothing() {
            Map<Lane, Counts> lanes = new EnumMap<>(Lane.class);
            LANES.forEach(lane -> lanes.put(lane, new Counts(0, 0, 0, 0)));
            return new Known(lanes, 0);
        }

        Counts of(Lane lane) {
            return Objects.requireNonNull(lanes.get(lane));
        }

        Known with(Lane lane, Counts counts) {
            Map<Lane, Counts> now = new EnumMap<>(lanes);
            now.put(lane, counts);
            return new Known(now, ordinal);
        }
    }

    SpoolStory(Path root, SpoolProvider.Durability durability) {
        settings = settings(root.resolve("spool"), durability);
        recorder = new DirectoryRecorder<>(root, 4096, () -> known);
        provider = ChronicleSpoolProvider.watched(recorder);
        LANES.forEach(lane -> records.put(lane, new ArrayList<>()));
    }

    static SpoolProvider.Settings settings(Path directory, SpoolProvider.Durability durability) {
        return new SpoolProvider.Settings(directory, 16 << 20, 100_000, 256 << 10, 1 << 20, durability);
    }

    List<Record> records(Lane lane) {
        return Objects.requireNonNull(records.get(lane));
    }

    List<DirectoryRecorder.Moment<Known>> tell(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int opening = 0; opening < 3; opening++) {
            try (Spool spool = provider.open(settings, new RealTime(), new RealEntropy());
                    Source source = spool.source("pump")) {
                known = new Known(known.lanes(), spool.epoch().ordinal());
                recorder.look("after an opening");
                for (int turn = 0; turn < 10; turn++) {
                    turn(spool, source, random, turn);
                }
            }
            recorder.look("after a closing");
        }
        return recorder.moments();
    }

    private void turn(Spool spool, Source source, SplittableRandom random, int turn) throws InterruptedException {
        Lane lane = turn % 3 == 0 ? LANES.get(random.nextInt(LANES.size())) : Lane.NORMAL;
        int count = turn % 4 == 1 ? 2 + random.nextInt(4) : 1;
        append(spool, lane, count, turn % 2 == 0 ? 100 + random.nextInt(3_000) : LARGE);
        if (turn % 5 == 4) {
            commit(source);
            spool.trim();
            recorder.look("after a trim");
        }
    }

    private void append(Spool spool, Lane lane, int count, int bytes) throws InterruptedException {
        List<Record> all = records(lane);
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Record record = new Record(all.size(), bytes);
            all.add(record);
            messages.add(message(lane, record));
        }
        Counts before = known.of(lane);
        known = known.with(lane, new Counts(before.accepted(), all.size(), before.committed(), before.committing()));
        List<Spool.Appended> given = spool.append(lane, messages);
        for (int i = 0; i < count; i++) {
            Record record = all.get(all.size() - count + i);
            record.ordinal = spool.epoch().ordinal();
            record.stamp = given.get(i).from();
        }
        known = known.with(lane, new Counts(all.size(), all.size(), before.committed(), before.committing()));
        recorder.look("after an append of " + count + " to " + lane);
    }

    /** Of what waits, commits some of each lane. */
    private void commit(Source source) throws InterruptedException {
        List<Delivery> batch = source.read(5, 1 << 20, Duration.ZERO);
        for (Delivery delivery : batch) {
            Stamp stamp = delivery.stamp();
            Counts before = known.of(stamp.lane());
            int done = before.committed() + 1;
            known = known.with(stamp.lane(), new Counts(before.accepted(), before.begun(), before.committed(), done));
            source.commit(new DoneMark(stamp.epoch(), stamp.lane(), stamp.through(), "s"));
            known = known.with(stamp.lane(), new Counts(before.accepted(), before.begun(), done, done));
            recorder.look("after a commit");
        }
    }

    static Message message(Lane lane, Record record) {
        byte[] body = new byte[record.bytes];
        new java.util.Random(record.number).nextBytes(body);
        return new Message(Subject.of("a.b"), record.id(lane), Map.of("k", "v"), ByteBuffer.wrap(body), Instant.EPOCH);
    }
}
