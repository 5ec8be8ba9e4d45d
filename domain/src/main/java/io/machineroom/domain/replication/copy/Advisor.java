package io.machineroom.domain.replication.copy;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.replication.config.Advising;
import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.domain.tokens.Ksuid;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamHost;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the world at the source about senders that are new, silent, back or forgotten. What could not be sent waits, at
 * most 10,000 advisories, and outlives the process where there is a state folder. One task.
 */
final class Advisor implements Tracker.Events {
    static final String PROTOCOL = "io.choria.sr.v2.age_advisory";

    private static final System.Logger LOG = System.getLogger(Advisor.class.getName());
    private static final int MOST = 10_000;
    private static final int AT_ONCE = 100;
    private static final int TRIES = 10;
    private static final int MAX_BYTES = 16 << 20;

    private record Waiting(String subject, String id, Value.Obj body) {}

    private final JobConfig job;
    private final Advising advising;
    private final String replicator;
    private final ReplicatorPorts ports;
    private final JobMeter meter;
    private final String file;
    private final Backoff backoff = Backoff.fiveSeconds();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int tries;
    private long retryAt;
    private boolean changed;

    Advisor(JobConfig job, Advising advising, String replicator, ReplicatorPorts ports) {
        this.job = job;
        this.advising = advising;
        this.replicator = replicator;
        this.ports = ports;
        this.meter = new JobMeter(ports.meter(), replicator, job);
        this.file = "advisories/" + job.stream() + "_" + job.name() + ".json";
        load();
    }

    @Override
    public void first(String key, Tracked item) {
        tell("new", key, item);
    }

    @Override
    public void recovered(String key, Tracked item) {
        tell("recover", key, item);
    }

    @Override
    public Set<String> silent(Map<String, Tracked> items) {
        Set<String> told = new HashSet<>();
        items.forEach((key, item) -> {
            if (tell("timeout", key, item)) {
                told.add(key);
            }
        });
        return told;
    }

    @Override
    public void expired(Map<String, Tracked> items) {
        items.forEach((key, item) -> tell("expire", key, item));
    }

    private boolean tell(String event, String key, Tracked item) {
        if (queue.size() >= MOST) {
            LOG.log(Level.WARNING, "an advisory of {0} is dropped: {1} wait already", job, MOST);
            return false;
        }
        Instant now = ports.time().wall();
        boolean never = item.seen().equals(Tracked.NEVER);
        long age = never ? -1 : (Duration.between(item.seen(), now).toMillis() + 500) / 1000;
        String id = Ksuid.of(now.getEpochSecond(), ports.entropy()).text();
        Value.Obj body = Value.obj("protocol", Value.text(PROTOCOL), "event_id", Value.text(id))
                .with(
                        "inspect_field",
                        Value.text(job.sampling().by().map(k -> k.name()).orElse("")))
                .with("age", Value.num(age))
                .with("seen", Value.num(item.seen().getEpochSecond()))
                .with("replicator", Value.text(replicator))
                .with("timestamp", Value.num(now.getEpochSecond()))
                .with("event", Value.text(event))
                .with("value", Value.text(key));
        String subject = advising.subject().replace("%s", event).replace("%v", key);
        queue.add(new Waiting(subject, id, body));
        changed = true;
        return true;
    }

    /** Sends what waits, as far as the source takes it now. */
    void send(StreamHost source) throws InterruptedException {
        if (tries > 0 && ports.time().ticks() - retryAt < 0) {
            return;
        }
        for (int i = 0; i < AT_ONCE && !queue.isEmpty(); i++) {
            try {
                deliver(source, queue.getFirst());
                tries = 0;
            } catch (PortException e) {
                meter.advisor("advisor_publish_errors");
                if (++tries < TRIES && !(e instanceof PortException.Refused)) {
                    retryAt = ports.time().ticks()
                            + backoff.delay(tries, ports.entropy()).toNanos();
                    return;
                }
                LOG.log(Level.WARNING, "an advisory of {0} is given up: {1}", job, e.getMessage());
                tries = 0;
            }
            queue.removeFirst();
            changed = true;
        }
    }

    private void deliver(StreamHost source, Waiting one) throws InterruptedException {
        CopyMessage message =
                new CopyMessage(one.subject(), Map.of(), ports.json().write(one.body()));
        if (!advising.reliable()) {
            source.publish(message);
        } else {
            StreamHost.Written written = source.write(List.of(message.adding("Nats-Msg-Id", one.id())), "");
            PortException fault = written.fault();
            if (fault != null) {
                throw fault;
            }
        }
        meter.advisor("advisor_total_messages");
    }

    private void load() {
        try {
            Optional<byte[]> kept = ports.state().flatMap(f -> f.read(file, MAX_BYTES));
            if (kept.isPresent() && ports.json().read(kept.get()) instanceof Value.Obj o) {
                for (Value item : o.list("waiting")) {
                    if (item instanceof Value.Obj w && w.obj("body").isPresent()) {
                        queue.add(new Waiting(
                                w.text("subject").orElse(""),
                                w.text("id").orElse(""),
                                w.obj("body").get()));
                    }
                }
            }
        } catch (PortException e) {
            LOG.log(Level.WARNING, "advisories that waited cannot be read: {0}", e.getMessage());
        }
    }

    /** Keeps what waits. */
    void save() {
        Optional<FileTree> state = ports.state();
        if (!changed || state.isEmpty()) {
            return;
        }
        try {
            if (queue.isEmpty()) {
                state.get().delete(file);
            } else {
                List<Value> items = queue.stream()
                        .<Value>map(w -> Value.obj(
                                "subject", Value.text(w.subject()), "id", Value.text(w.id()), "body", w.body()))
                        .toList();
                state.get().replace(file, ports.json().write(Value.obj("waiting", new Value.Arr(items))), 0600);
            }
            changed = false;
        } catch (PortException e) {
            LOG.log(Level.WARNING, "advisories that wait cannot be kept: {0}", e.getMessage());
        }
    }
}
