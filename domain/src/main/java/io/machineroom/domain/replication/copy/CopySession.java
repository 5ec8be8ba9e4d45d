package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader;
import io.machineroom.ports.replica.StreamReader.Read;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Copies over one pair of connections until one of them ends. One task. */
final class CopySession {
    private static final int BATCH = 256;
    private static final long BATCH_BYTES = 1L << 20;
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final long OBSERVE_NANOS = Duration.ofSeconds(15).toNanos();

    private final CopyParts parts;
    private final StreamHost source;
    private final StreamHost target;
    private final BooleanSupplier goOn;
    private Instant created = Instant.EPOCH;
    private long observedAt;

    CopySession(CopyParts parts, StreamHost source, StreamHost target, BooleanSupplier goOn) {
        this.parts = parts;
        this.source = source;
        this.target = target;
        this.goOn = goOn;
    }

    private JobConfig job() {
        return parts.job();
    }

    /** Copies until told to end; throws when it cannot go on. */
    void run() throws InterruptedException {
        StreamFacts facts = facts();
        created = facts.created();
        if (job().mapping().create()) {
            target.makeStream(job().mapping().targetStream(), targetSubjects(facts));
        }
        try (StreamReader reader = source.reader(parts.place().plan(facts, target))) {
            parts.tally().consumerMade();
            parts.vanished().connected();
            parts.tally().at(parts.place().done());
            parts.tally().source(facts.last());
            parts.tally().phase("copying");
            while (goOn.getAsBoolean()) {
                List<Read> reads = reader.read(BATCH, BATCH_BYTES, WAIT);
                deal(reads);
                parts.place().save(false);
                reader.settle(reads);
                look();
            }
        } finally {
            parts.place().save(true);
        }
    }

    private StreamFacts facts() throws InterruptedException {
        return source.stream(job().stream())
                .orElseThrow(() -> new PortException.Unavailable(
                        "copy.no-stream", "there is no stream '" + job().stream() + "' at the source"));
    }

    private List<String> targetSubjects(StreamFacts facts) {
        SubjectRewrite rewrite =
                new SubjectRewrite(job().mapping().prefix(), job().mapping().remove());
        List<String> subjects =
                facts.subjects().stream().map(rewrite::of).distinct().toList();
        // a mirror has none of its own
        return subjects.isEmpty() ? List.of(job().mapping().targetStream()) : subjects;
    }

    /** Lag for the metrics, and whether the stream is still the same one. */
    private void look() throws InterruptedException {
        parts.house().turn(source);
        parts.vanished().turn(source, target);
        long now = parts.ports().time().ticks();
        if (observedAt != 0 && now - observedAt < OBSERVE_NANOS) {
            return;
        }
        observedAt = now;
        StreamFacts facts = facts();
        if (!facts.created().equals(created)) {
            throw new PortException.Unavailable("copy.recreated", "stream '" + job().stream() + "' was made again");
        }
        parts.tally().source(facts.last());
    }

    /** In windows within which no sender and no key of a bucket comes twice: the second depends on what became of the first. */
    private void deal(List<Read> reads) throws InterruptedException {
        List<CopyWindow.Pending> window = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Read read : reads) {
            if (read.number() <= parts.place().done()) {
                continue;
            }
            String name = nameOf(read);
            if (!name.isEmpty() && !names.add(name)) {
                flush(window);
                window.clear();
                names.clear();
                names.add(name);
            }
            window.add(decide(read));
        }
        flush(window);
    }

    private void flush(List<CopyWindow.Pending> window) throws InterruptedException {
        if (!window.isEmpty()) {
            parts.window().write(window, target, goOn, this::dealtWith);
            parts.tally().at(parts.place().done());
        }
    }

    private String nameOf(Read read) {
        if (parts.limiter().isPresent()) {
            return parts.limiter().get().key(read.message());
        }
        return read.message().subject().startsWith("$KV.") ? read.message().subject() : "";
    }

    private CopyWindow.Pending decide(Read read) {
        parts.tally().received(read);
        Limiter.Decision all = new Limiter.Decision("", true, read.message().body().length);
        Duration maxAge = job().mode().maxAge();
        Instant now = parts.ports().time().wall();
        if (!maxAge.isZero() && read.stored().isBefore(now.minus(maxAge))) {
            return new CopyWindow.Pending(read, false, all);
        }
        Limiter.Decision decision =
                parts.limiter().map(l -> l.decide(read.message())).orElse(all);
        return new CopyWindow.Pending(read, decision.copy(), decision);
    }

    private void dealtWith(CopyWindow.Pending pending, boolean stored) {
        Read read = pending.read();
        if (stored) {
            parts.tally().copied(read);
            parts.tally()
                    .age(Duration.between(read.stored(), parts.ports().time().wall())
                                    .toMillis()
                            / 1000.0);
        } else if (!pending.copy() && pending.decision().copy()) {
            parts.tally().tooOld();
        } else if (!pending.copy()) {
            parts.tally().sampledOut(read);
        }
        boolean sampled = !pending.decision().key().isEmpty();
        if (sampled && (stored || !pending.copy())) {
            parts.limiter().ifPresent(l -> l.done(pending.decision()));
            parts.house().saw(source, pending.decision().key());
        }
        parts.place().done(read.number());
    }
}
