package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.HostAddress;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamHosts;
import io.machineroom.ports.replica.StreamReader.Read;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A simulated NATS of somebody else: streams, buckets and whoever listens. Whatever the address says, it is this one. */
public final class SimForeign implements StreamHosts {
    private record Ear(Subject pattern, Consumer<CopyMessage> into) {}

    private final SimTasks tasks;
    private final Map<String, SimForeignStream> streams = new LinkedHashMap<>();
    private final Map<String, SimCells> buckets = new LinkedHashMap<>();
    private final List<Ear> ears = new ArrayList<>();
    private final List<CopyMessage> published = new ArrayList<>();
    private Function<CopyMessage, Optional<PortException>> refusal = _ -> Optional.empty();
    private boolean down;
    private int lost;
    private int connections;

    public SimForeign(SimTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public StreamHost connect(HostAddress address) {
        if (down) {
            throw new PortException.Unavailable("link.unreachable", "the simulated server is away");
        }
        connections++;
        return new SimForeignHost(this, connections);
    }

    /** How often somebody connected. */
    public int connections() {
        return connections;
    }

    SimTasks tasks() {
        return tasks;
    }

    /** Takes the server away, or brings it back; connections do not survive that. */
    public void down(boolean away) {
        down = away;
        if (away) {
            connections += 1_000;
        }
    }

    boolean reaches(int connection) {
        return !down && connection > connections - 1_000;
    }

    /** Stores the next n messages but loses what it answers. */
    public void loseAnswers(int count) {
        lost = count;
    }

    /** What it does not take, and why; what takes nothing back begins with empty. */
    public void refuse(Function<CopyMessage, Optional<PortException>> judge) {
        refusal = judge;
    }

    public void makeStream(String name, String... subjects) {
        streams.put(name, new SimForeignStream(name, List.of(subjects), tasks.time()));
    }

    /** A bucket whose keys are kept so long. */
    public void makeBucket(String name, Duration timeToLive) {
        makeBucket(name, new BucketSpec("", timeToLive, 1, 0, 0, 1));
    }

    /** Makes a bucket when it is missing; whether it was made. */
    public boolean makeBucket(String name, BucketSpec spec) {
        if (buckets.containsKey(name)) {
            return false;
        }
        makeStream("KV_" + name, "$KV." + name + ".>");
        streams.get("KV_" + name).maxAge(spec.timeToLive());
        buckets.put(name, new SimCells(tasks.time(), () -> Duration.ZERO, spec));
        return true;
    }

    void dropBucket(String name) {
        buckets.remove(name);
        streams.remove("KV_" + name);
    }

    /** A bucket as somebody else with all rights sees it, whether the server is away or not. */
    public Bucket bucketBehind(String name) {
        return new SimForeignBucket(() -> bucket(name), this, name);
    }

    public void deleteStream(String name) {
        streams.remove(name);
    }

    public void purge(String name) {
        stream(name).orElseThrow().purge();
    }

    public void deleteConsumer(String stream, String consumer) {
        stream(stream).orElseThrow().deleteConsumer(consumer);
    }

    /** What a stream holds, in order. */
    public List<Read> held(String stream) {
        return stream(stream).orElseThrow().held();
    }

    /** What was published without a stream's acknowledgement, or with. */
    public List<CopyMessage> published() {
        return published;
    }

    Optional<SimForeignStream> stream(String name) {
        return Optional.ofNullable(streams.get(name));
    }

    SimCells bucket(String name) {
        SimCells cells = buckets.get(name);
        if (cells == null) {
            throw new PortException.Unavailable("bucket.missing", "there is no bucket '" + name + "'");
        }
        return cells;
    }

    /** Publishes as somebody else would. */
    public void publish(String subject, String body) {
        publish(new CopyMessage(subject, Map.of(), body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /** Publishes as somebody else would; the stream that took it, if one did. */
    public Optional<SimForeignStream.Ack> publish(CopyMessage message) {
        Subject subject = Subject.of(message.subject());
        published.add(message);
        for (Ear ear : List.copyOf(ears)) {
            if (ear.pattern().matches(subject)) {
                ear.into().accept(message);
            }
        }
        return streams.values().stream()
                .filter(s -> s.takes(subject))
                .findFirst()
                .map(s -> s.add(message));
    }

    /** Takes a message into its stream, which must be the expected one; whether it was known. */
    boolean take(CopyMessage message, String expected) {
        String fault = Subject.fault(message.subject());
        if (!fault.isEmpty()) {
            throw new PortException.Refused("sink.header", message.subject() + " " + fault);
        }
        Optional<PortException> refused = refusal.apply(message);
        if (refused.isPresent()) {
            throw refused.get();
        }
        SimForeignStream.Ack ack = publish(message)
                .orElseThrow(() -> new PortException.Unavailable("sink.no-stream", "no stream takes it"));
        if (lost > 0) {
            lost--;
            throw new PortException.Unavailable("sink.timeout", "the answer was lost");
        }
        if (!expected.isEmpty() && !expected.equals(ack.stream())) {
            throw new PortException.Unavailable("sink.no-stream", "another stream takes it");
        }
        return ack.duplicate();
    }

    Runnable listen(String pattern, Consumer<CopyMessage> into) {
        Ear ear = new Ear(Subject.of(pattern), into);
        ears.add(ear);
        return () -> ears.remove(ear);
    }
}
