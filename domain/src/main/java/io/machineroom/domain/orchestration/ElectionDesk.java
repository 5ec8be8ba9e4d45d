package io.machineroom.domain.orchestration;

import io.machineroom.domain.orchestration.ElectionEar.Standing;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Answers requests about elections: {@code run}, {@code info} and {@code evict}. Who asks for {@code run} is a member as
 * long as it listens. The same for an agent that runs, over its control socket, and for a connection of a command's own.
 * Safe from any task.
 */
public final class ElectionDesk {
    private static final System.Logger LOG = System.getLogger(ElectionDesk.class.getName());
    private static final Duration PARTING = Duration.ofSeconds(6);

    private final Function<String, Bucket> buckets;
    private final Means means;

    public ElectionDesk(Function<String, Bucket> buckets, Means means) {
        this.buckets = buckets;
        this.means = means;
    }

    /**
     * What elections need of the world besides buckets.
     *
     * @param candidate name of this node
     */
    public record Means(Tasks tasks, TimeSource time, Entropy entropy, Meter meter, String candidate) {}

    /**
     * Answers one request; its field {@code action} says which.
     *
     * @throws PortException.Refused {@code control.unknown} for another action; {@code bucket.no-key}, and those of {@link
     *     Election#run}
     */
    public void handle(Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        String name = request.text("bucket").filter(t -> !t.isEmpty()).orElse(BucketSpec.ELECTIONS);
        String key = request.text("name").orElse("");
        switch (request.text("action").orElse("")) {
            case "run" -> run(name, key, request.text("candidate"), answers);
            case "info" -> info(name, answers);
            case "evict" -> answers.accept(evict(buckets.apply(name), key));
            default -> throw new PortException.Refused("control.unknown", "actions are run, info and evict");
        }
    }

    private sealed interface News {}

    private record Now(Standing standing) implements News {}

    private record Failed(RuntimeException why) implements News {}

    /** Hands on what an election says; it must not wait for who listens. */
    private record Ear(Mailbox<News> into) implements ElectionEar {
        @Override
        public void won() {
            into.offer(new Now(Standing.LEADER));
        }

        @Override
        public void lost() {
            into.offer(new Now(Standing.CANDIDATE));
        }

        @Override
        public void campaigned(Standing standing) {
            into.offer(new Now(standing));
        }
    }

    private void run(String name, String key, Optional<String> candidate, Consumer<Value.Obj> answers)
            throws InterruptedException {
        String who = candidate.filter(t -> !t.isEmpty()).orElse(means.candidate());
        Mailbox<News> box = means.tasks().mailbox(256);
        ElectionPorts ports = new ElectionPorts(
                means.tasks(), means.time(), means.entropy(), means.meter(), () -> buckets.apply(name));
        Election election = new Election(ElectionPlan.of(key, who), ports, new Ear(box));
        ensure(name);
        Tasks.Task member = means.tasks().fork("election-" + key, () -> {
            try {
                election.run();
            } catch (RuntimeException e) {
                box.offer(new Failed(e));
            }
        });
        try {
            answers.accept(told(Standing.CANDIDATE, election, who));
            while (true) {
                switch (box.take()) {
                    case Now(Standing standing) -> answers.accept(told(standing, election, who));
                    case Failed(RuntimeException why) -> throw why;
                }
            }
        } finally {
            election.stop();
            // a command that ends now would take the election with it before the key is given back
            if (!member.join(PARTING)) {
                LOG.log(Level.INFO, "the election {0} still gives its key back", key);
            }
        }
    }

    /** The usual bucket is made where we may; elsewhere whoever runs the server has to. */
    private void ensure(String name) throws InterruptedException {
        Bucket bucket = buckets.apply(name);
        try {
            bucket.facts();
        } catch (PortException.Unavailable e) {
            if (!e.code().equals("bucket.missing") || !name.equals(BucketSpec.ELECTIONS)) {
                throw e;
            }
            bucket.make(BucketSpec.elections());
        }
    }

    private Value.Obj told(Standing standing, Election election, String who) {
        return standing(standing, election, who)
                .with("at_millis", Value.num(means.time().wall().toEpochMilli()));
    }

    private static Value.Obj standing(Standing standing, Election election, String who) {
        boolean leads = standing == Standing.LEADER && election.leading();
        return Value.obj("state", Value.text(standing.name().toLowerCase(Locale.ROOT)))
                .with("leader", Value.bool(leads))
                .with("lease_millis", Value.num(leads ? election.remaining().toMillis() : 0))
                .with("candidate", Value.text(who));
    }

    private void info(String name, Consumer<Value.Obj> answers) throws InterruptedException {
        Bucket bucket = buckets.apply(name);
        answers.accept(BucketDesk.facts(bucket.facts()).with("bucket", Value.text(name)));
        for (String key : new TreeSet<>(bucket.keys())) {
            List<Bucket.Change> changes = bucket.history(key);
            if (!changes.isEmpty() && !changes.getLast().entry().deleted()) {
                Bucket.Change last = changes.getLast();
                answers.accept(Value.obj("election", Value.text(key))
                        .with("leader", Value.text(new String(last.entry().value(), StandardCharsets.UTF_8)))
                        .with("revision", Value.num(last.entry().revision()))
                        .with("renewed", Value.text(last.at().toString())));
            }
        }
    }

    private static Value.Obj evict(Bucket bucket, String key) throws InterruptedException {
        Bucket.Entry there = bucket.get(key)
                .orElseThrow(() -> new PortException.Refused(
                        "bucket.no-key", "nobody leads '" + key + "'; election info lists who leads what"));
        bucket.delete(key);
        return Value.obj("evicted", Value.text(new String(there.value(), StandardCharsets.UTF_8)));
    }
}
