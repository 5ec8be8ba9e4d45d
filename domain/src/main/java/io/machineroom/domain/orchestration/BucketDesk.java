package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Answers requests about buckets: {@code get put create update del ls watch history status add drop}. The same for an agent
 * that runs, over its control socket, and for a connection of a command's own. Values travel as base64. Safe from any task.
 */
public final class BucketDesk {
    private static final int MAX_VALUE = 1 << 20;

    private final Function<String, Bucket> buckets;
    private final Tasks tasks;
    private final int replicas;

    /** A desk whose buckets have one replica, where nobody says how many. */
    public BucketDesk(Function<String, Bucket> buckets, Tasks tasks) {
        this(buckets, tasks, 1);
    }

    /**
     * A desk.
     *
     * @param replicas of buckets, where nobody says how many: as many as the broker has servers
     */
    public BucketDesk(Function<String, Bucket> buckets, Tasks tasks, int replicas) {
        this.buckets = buckets;
        this.tasks = tasks;
        this.replicas = replicas;
    }

    /**
     * Answers one request; its field {@code action} says which. {@code watch} goes on until the task is interrupted
     * or its bucket is gone; a connection that ends is waited for.
     *
     * @throws PortException.Refused {@code control.unknown} for another action; {@code bucket.no-key}, {@code
     *     bucket.moved}, {@code bucket.too-large}, and those of {@link Bucket}
     */
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        String name = request.text("bucket").orElse("");
        Bucket bucket = buckets.apply(name);
        String key = request.text("key").orElse("");
        switch (request.text("action").orElse("")) {
            case "get" -> answers.accept(entry(existing(bucket, key)));
            case "put" -> answers.accept(revision(bucket.put(key, value(request))));
            case "create" -> answers.accept(revision(create(bucket, key, value(request))));
            case "update" -> answers.accept(revision(update(bucket, key, request)));
            case "del" -> delete(bucket, key, request.whole("revision"), answers);
            case "ls" -> list(bucket, answers);
            case "watch" ->
                new BucketWatch(() -> buckets.apply(name), key, tasks, change -> answers.accept(entry(change))).run();
            case "history" ->
                bucket.history(key)
                        .forEach(change -> answers.accept(entry(change.entry())
                                .with("created", Value.text(change.at().toString()))));
            case "status" -> answers.accept(facts(bucket.facts()));
            case "add" -> answers.accept(made(bucket.make(spec(request)), bucket));
            case "drop" -> {
                bucket.drop();
                answers.accept(Value.obj("dropped", Value.bool(true)));
            }
            default ->
                throw new PortException.Refused(
                        "control.unknown",
                        "actions are get, put, create, update, del, ls, watch, history, status, add and drop");
        }
    }

    private static Bucket.Entry existing(Bucket bucket, String key) throws InterruptedException {
        return bucket.get(key)
                .orElseThrow(() -> new PortException.Refused("bucket.no-key", "there is no key '" + key + "'"));
    }

    private static byte[] value(Value.Obj request) {
        byte[] value;
        try {
            value = Base64.getDecoder().decode(request.text("value").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("control.invalid", "the value is not base64", e);
        }
        if (value.length > MAX_VALUE) {
            throw new PortException.Refused(
                    "bucket.too-large",
                    "the value has " + value.length + " bytes; a bucket takes at most " + MAX_VALUE + " (1 MiB)");
        }
        return value;
    }

    private static long create(Bucket bucket, String key, byte[] value) throws InterruptedException {
        return bucket.create(key, value)
                .orElseThrow(() -> new PortException.Refused(
                        "bucket.moved", "key '" + key + "' is there already; put or update replaces it"));
    }

    private static long update(Bucket bucket, String key, Value.Obj request) throws InterruptedException {
        long expected = request.whole("revision").orElse(0L);
        Optional<Long> written = bucket.update(key, value(request), expected);
        return written.orElseThrow(() -> moved(key, expected));
    }

    private static PortException.Refused moved(String key, long expected) {
        return new PortException.Refused(
                "bucket.moved", "key '" + key + "' is not at revision " + expected + " any more; get it and try again");
    }

    private static void delete(Bucket bucket, String key, Optional<Long> revision, Consumer<Value.Obj> answers)
            throws InterruptedException {
        if (revision.isEmpty()) {
            bucket.delete(key);
        } else if (!bucket.delete(key, revision.get())) {
            throw moved(key, revision.get());
        }
        answers.accept(Value.obj("deleted", Value.text(key)));
    }

    private static void list(Bucket bucket, Consumer<Value.Obj> answers) throws InterruptedException {
        for (String key : new TreeSet<>(bucket.keys())) {
            bucket.get(key)
                    .ifPresent(there -> answers.accept(Value.obj(
                            "key",
                            Value.text(key),
                            "revision",
                            Value.num(there.revision()),
                            "bytes",
                            Value.num(there.value().length))));
        }
    }

    static Value.Obj entry(Bucket.Entry entry) {
        return Value.obj("key", Value.text(entry.key()), "revision", Value.num(entry.revision()))
                .with("deleted", Value.bool(entry.deleted()))
                .with("value", Value.text(Base64.getEncoder().encodeToString(entry.value())));
    }

    private static Value.Obj revision(long revision) {
        return Value.obj("revision", Value.num(revision));
    }

    private static Value.Obj made(boolean now, Bucket bucket) throws InterruptedException {
        return facts(bucket.facts()).with("made", Value.bool(now));
    }

    static Value.Obj facts(BucketFacts facts) {
        BucketSpec spec = facts.spec();
        return Value.obj("description", Value.text(spec.description()))
                .with("ttl_seconds", Value.num(spec.timeToLive().toMillis() / 1_000.0))
                .with("history", Value.num(spec.history()))
                .with("max_bytes", Value.num(spec.maxBytes()))
                .with("max_value_bytes", Value.num(spec.maxValue()))
                .with("replicas", Value.num(spec.replicas()))
                .with("changes", Value.num(facts.changes()))
                .with("bytes", Value.num(facts.bytes()))
                .with("created", Value.text(facts.created().toString()));
    }

    private BucketSpec spec(Value.Obj request) {
        return new BucketSpec(
                request.text("description").orElse(""),
                Duration.ofMillis(request.whole("ttl_millis").orElse(0L)),
                bounded(request, "history", 5, 0, 64),
                bounded(request, "max_bytes", 0, 0, Long.MAX_VALUE),
                (int) bounded(request, "max_value_bytes", 0, 0, Integer.MAX_VALUE),
                (int) bounded(request, "replicas", replicas, 1, 5));
    }

    private static long bounded(Value.Obj request, String field, long standard, long least, long most) {
        long value = request.whole(field).orElse(standard);
        if (value < least || value > most) {
            throw new PortException.Refused(
                    "control.invalid", field + " is " + value + "; it must be from " + least + " to " + most);
        }
        return value;
    }
}
