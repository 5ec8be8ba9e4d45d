package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.ReadPlan.StartAt;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader.Read;
import io.machineroom.ports.runtime.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Knows how far the source is dealt with, and where to go on. One task. */
final class CopyPlace {
    private static final System.Logger LOG = System.getLogger(CopyPlace.class.getName());
    private static final long SAVE_NANOS = Duration.ofSeconds(1).toNanos();

    private final JobConfig job;
    private final CopyHeaders headers;
    private final CheckpointStore store;
    private final TimeSource time;
    private Optional<Checkpoint> known;
    private long savedAt;
    private boolean changed;

    CopyPlace(JobConfig job, CopyHeaders headers, CheckpointStore store, TimeSource time) {
        this.job = job;
        this.headers = headers;
        this.store = store;
        this.time = time;
        this.known = startsAnew() ? Optional.empty() : store.read();
        this.savedAt = time.ticks() - SAVE_NANOS;
    }

    /** Such a job does not go on where the process before it ended. */
    private boolean startsAnew() {
        return job.mode().ephemeral() || job.mode().targetInitiated();
    }

    /** The number up to which all is dealt with; 0 when nothing is, or nothing is known. */
    long done() {
        return known.map(Checkpoint::number).orElse(0L);
    }

    Instant created() {
        return known.map(Checkpoint::created).orElse(Instant.EPOCH);
    }

    /** All up to that number is dealt with. */
    void done(long number) {
        known = Optional.of(new Checkpoint(created(), number));
        changed = true;
    }

    /** How to read on. */
    ReadPlan plan(StreamFacts facts, StreamHost target) throws InterruptedException {
        StartAt start = start(facts, target);
        return new ReadPlan(
                job.stream(),
                job.consumer(),
                "Choria Stream Replicator " + job.name(),
                job.mapping().filter(),
                start,
                done(),
                startsAnew());
    }

    private StartAt start(StreamFacts facts, StreamHost target) throws InterruptedException {
        boolean recreated = known.isPresent() && !created().equals(facts.created());
        if (recreated) {
            LOG.log(
                    Level.WARNING,
                    "{0}: stream {1} was deleted and made again; it is copied from its beginning",
                    job,
                    job.stream());
        }
        boolean first = known.isEmpty();
        long done = recreated ? 0 : Math.min(done(), facts.last());
        known = Optional.of(new Checkpoint(facts.created(), done));
        changed |= recreated;
        if (recreated) {
            return new StartAt.All();
        }
        if (first && job.mode().targetInitiated()) {
            return byTarget(facts, target);
        }
        return done > 0 ? new StartAt.Number(done + 1) : job.start().at(time.wall());
    }

    /** What the target holds decides: behind the last message that this job brought there. */
    private StartAt byTarget(StreamFacts source, StreamHost target) throws InterruptedException {
        String stream = job.mapping().targetStream();
        Optional<Read> last = target.last(stream);
        Optional<Long> number = last.flatMap(r -> headers.number(r.message(), source.created()));
        if (number.isPresent()) {
            done(Math.min(number.get(), source.last()));
            return new StartAt.Number(done() + 1);
        }
        Optional<StreamFacts> facts = target.stream(stream);
        if (last.isEmpty() && facts.isPresent() && facts.get().last() > 0) {
            return new StartAt.Time(facts.get().lastTime());
        }
        // somebody else wrote there last: our own notes are better than the start policy
        Optional<Checkpoint> noted = store.read().filter(c -> c.created().equals(source.created()));
        if (last.isPresent() && noted.isPresent() && noted.get().number() > 0) {
            done(Math.min(noted.get().number(), source.last()));
            return new StartAt.Number(done() + 1);
        }
        return job.start().at(time.wall());
    }

    /** Writes it down, once a second at most. */
    void save(boolean now) {
        if (changed && known.isPresent() && (now || time.ticks() - savedAt >= SAVE_NANOS)) {
            store.write(known.get());
            savedAt = time.ticks();
            changed = false;
        }
    }
}
