package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One customer's part of a simulated server: streams, work queues, a duplicate window, buckets with
 * revisions, subscriptions and answers. What is here survives the links. Belongs to one simulated
 * world; tests look into it directly.
 */
public final class SimStreams {
    /** Largest message with its headers, in bytes. */
    public static final int MAX_PAYLOAD = 2 * 1024 * 1024;

    private record Ear(Subject pattern, String at, Consumer<Message> handler) {}

    private final TimeSource time;
    private final Map<String, SimStream> streams = new LinkedHashMap<>();
    private final Map<String, SimCells> buckets = new LinkedHashMap<>();
    private final Map<String, UnaryOperator<byte[]>> answers = new LinkedHashMap<>();
    private final List<Ear> ears = new ArrayList<>();
    private final SimGovernors governors;
    private Duration duplicateWindow = Duration.ofMinutes(2);
    private Duration ackWait = Duration.ofSeconds(30);
    private @Nullable Entropy shuffle;
    private Predicate<Message> refused = message -> false;
    private boolean full;
    private BiPredicate<String, String> routes = (from, to) -> true;
    private Supplier<Duration> ahead = () -> Duration.ZERO;

    public SimStreams(TimeSource time) {
        this.time = time;
        this.governors = new SimGovernors(time);
    }

    /** What limits how many work at once. */
    public SimGovernors governors() {
        return governors;
    }

    /** How long an id of a message is remembered; zero forgets at once. */
    public SimStreams duplicateWindow(Duration window) {
        duplicateWindow = window;
        return this;
    }

    /** After which time what was read and not settled comes again, from now on. */
    public SimStreams ackWait(Duration wait) {
        ackWait = wait;
        return this;
    }

    /** Makes a stream or changes it; returns the number of its newest message. */
    public long ensureStream(StreamSpec spec) {
        SimStream there = streams.computeIfAbsent(spec.name(), n -> new SimStream(spec));
        there.become(spec);
        return there.newest();
    }

    /** Queues hand out what they hold in an order drawn from the randomness; null: in their own. */
    public SimStreams shuffled(@Nullable Entropy chance) {
        shuffle = chance;
        return this;
    }

    /** The server is back with what its disk had that long ago: streams, what was settled, ids, buckets. */
    public void forget(Duration last) {
        long since = time.ticks() - last.toNanos();
        streams.values().forEach(stream -> stream.forget(since));
        buckets.values().forEach(cells -> cells.forget(since));
    }

    /** All that is stored is gone; who listens goes on to. */
    void wipe() {
        streams.clear();
        buckets.clear();
        governors.wipe();
    }

    /** Whom a message reaches depends on where it comes in and where they listen. */
    SimStreams amongThose(BiPredicate<String, String> which) {
        routes = which;
        return this;
    }

    /** How much the clock is ahead by which buckets are stamped and judged; asked each time. */
    SimStreams clockAhead(Supplier<Duration> by) {
        ahead = by;
        return this;
    }

    /** The intake stream of protocol section 2, with room for that many bytes. */
    public SimStreams withIntake(long maxBytes) {
        ensureStream(new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>"), Subject.of("mu.>")),
                StreamSpec.Retention.WORK_QUEUE,
                maxBytes,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW));
        return this;
    }

    /** The stream is gone, with all it held. */
    public void dropStream(String name) {
        streams.remove(name);
    }

    /** What a stream holds, oldest first; empty when there is no such stream. */
    public List<Message> messages(String stream) {
        SimStream there = streams.get(stream);
        return there == null ? List.of() : List.copyOf(there.held().values());
    }

    public void ensureBucket(String name) {
        makeBucket(name, BucketSpec.plain());
    }

    /** Makes a bucket when it is missing; whether it was made. */
    public boolean makeBucket(String name, BucketSpec spec) {
        return buckets.putIfAbsent(name, new SimCells(time, () -> ahead.get(), spec)) == null;
    }

    /** A bucket is gone, with all it held. */
    public void dropBucket(String name) {
        buckets.remove(name);
    }

    /** A key of a bucket is gone without a trace, as after a purge of its stream. */
    public void vanish(String bucket, String key) {
        bucket(bucket).vanish(key);
    }

    SimCells bucket(String name) {
        SimCells there = buckets.get(name);
        if (there == null) {
            throw new PortException.Unavailable("bucket.missing", "there is no bucket '" + name + "'");
        }
        return there;
    }

    SimStream stream(String name) {
        SimStream there = streams.get(name);
        if (there == null) {
            throw new PortException.Unavailable("intake.missing", "there is no stream '" + name + "'");
        }
        return there;
    }

    SimQueue queue(String stream, String consumer) {
        return stream(stream).queue(consumer, new SimQueue.Manner() {
            @Override
            public Duration ackWait() {
                return ackWait;
            }

            @Override
            public @Nullable Entropy shuffle() {
                return shuffle;
            }
        });
    }

    /** Answers requests of a name. */
    public void answer(String name, UnaryOperator<byte[]> answer) {
        answers.put(name, answer);
    }

    Optional<UnaryOperator<byte[]>> answerer(String name) {
        return Optional.ofNullable(answers.get(name));
    }

    /** Hands a message to who listens now. */
    public void publish(Message message) {
        publish(message, "");
    }

    /** The same for one that comes by that host: only who listens at hosts that it reaches. */
    void publish(Message message, String from) {
        for (Ear ear : List.copyOf(ears)) {
            if (ear.pattern().matches(message.subject()) && (from.isEmpty() || routes.test(from, ear.at()))) {
                ear.handler().accept(message);
            }
        }
    }

    /** Whether there is no room for anything more, whatever the bounds say. */
    public SimStreams full(boolean now) {
        full = now;
        return this;
    }

    /** These are never taken, whatever is tried. */
    public SimStreams refusing(Predicate<Message> which) {
        refused = which;
        return this;
    }

    /** Hands a message to who listens, and to the one stream that takes its subject. */
    SimStream.Ack store(Message message, String messageId, String from) {
        if (refused.test(message)) {
            throw new PortException.Refused("sink.too-large", "it is refused here");
        }
        if (full) {
            throw new PortException.Unavailable("sink.full", "the disk is full");
        }
        SimStream taker = streams.values().stream()
                .filter(s -> s.takes(message.subject()))
                .findFirst()
                .orElseThrow(() ->
                        new PortException.Unavailable("sink.no-stream", "no stream takes '" + message.subject() + "'"));
        SimStream.Ack ack = taker.add(message, messageId, time.ticks(), duplicateWindow);
        publish(message, from);
        return ack;
    }

    /** Listens at a host until the answer is run. */
    Runnable subscribe(Subject pattern, String at, Consumer<Message> handler) {
        Ear ear = new Ear(pattern, at, handler);
        ears.add(ear);
        return () -> ears.remove(ear);
    }
}
