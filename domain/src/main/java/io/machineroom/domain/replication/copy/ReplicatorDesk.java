package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at a replicator from outside, whether it runs or not: what it left in its folder, and what the servers say. Changes
 * nothing. Safe from any task.
 */
public final class ReplicatorDesk {
    private static final int MAX_BYTES = 256 << 20;
    private static final int HEARD = 1_000;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final String GOSSIP = "choria.stream-replicator.sync.";

    private final ReplicatorPorts ports;

    public ReplicatorDesk(ReplicatorPorts ports) {
        this.ports = ports;
    }

    /**
     * Which senders are wanted.
     *
     * @param since seen at this time or later
     * @param advised whether only those whose silence was advised
     * @param names says of a name whether it is wanted
     */
    public record Wish(Instant since, boolean advised, Predicate<String> names) {}

    /**
     * Where each job stands, one object each: {@code job}, {@code sequence} dealt with by the last checkpoint, {@code last}
     * of the source, {@code lag}, {@code parked}, {@code senders}, {@code error}; what nobody knows is absent.
     */
    public List<Value.Obj> status(ReplicatorConfig config) throws InterruptedException {
        List<Value.Obj> out = new ArrayList<>();
        for (JobConfig job : config.jobs()) {
            out.add(status(config, job));
        }
        return out;
    }

    private Value.Obj status(ReplicatorConfig config, JobConfig job) throws InterruptedException {
        Value.Obj told = Value.obj("job", Value.text(job.toString()))
                .with("parked", Value.num(files("parked/" + job.stream() + "_" + job.name())))
                .with("senders", Value.num(senders(job)));
        Optional<Checkpoint> kept = job.mode().ephemeral()
                ? Optional.empty()
                : new CheckpointStore(ports.state(), ports.json(), config.name(), job).read();
        try (StreamHost source = ports.hosts().connect(new Places(ports.files()).of(job.source(), "status"));
                StreamHost target = ports.hosts().connect(new Places(ports.files()).of(job.target(), "status"))) {
            StreamFacts facts = source.stream(job.stream())
                    .orElseThrow(() -> new PortException.Unavailable(
                            "copy.no-stream", "there is no stream '" + job.stream() + "' at the source"));
            Optional<Long> done = kept.map(c -> c.created().equals(facts.created()) ? c.number() : 0L);
            Value.Obj there = told.with("last", Value.num(facts.last()));
            if (done.isPresent()) {
                there = there.with("sequence", Value.num(done.get()))
                        .with("lag", Value.num(Math.max(0, facts.last() - done.get())));
            }
            return there.with("target", Value.text(target.server())).with("error", Value.text(""));
        } catch (PortException e) {
            Value.Obj known =
                    kept.map(c -> told.with("sequence", Value.num(c.number()))).orElse(told);
            return known.with("error", Value.text(e.code() + ": " + e.getMessage()));
        }
    }

    private int files(String folder) {
        return ports.state().map(f -> f.list(folder).size()).orElse(0);
    }

    private int senders(JobConfig job) {
        return ports.state()
                .flatMap(f -> f.read(job.stateFile(), MAX_BYTES))
                .map(content ->
                        TrackerFile.read(ports.json().read(content, MAX_BYTES)).size())
                .orElse(0);
    }

    /**
     * The senders in the sampling files of a folder, one object each: {@code file}, {@code value}, {@code seen}, {@code
     * copied}, {@code advised}, {@code size}.
     *
     * @throws PortException.Refused {@code json.invalid} for a file that cannot be read
     */
    public static void senders(FileTree folder, JsonFormat json, Wish wish, Consumer<Value.Obj> to) {
        for (String file : folder.list("")) {
            if (file.endsWith(".json")) {
                byte[] content = folder.read(file, MAX_BYTES).orElse(new byte[] {'{', '}'});
                TrackerFile.read(json.read(content, MAX_BYTES)).forEach((key, item) -> {
                    if (fits(wish, key, item)) {
                        to.accept(sender(key, item).with("file", Value.text(file)));
                    }
                });
            }
        }
    }

    private static boolean fits(Wish wish, String key, Tracked item) {
        return !item.seen().isBefore(wish.since())
                && (!wish.advised() || item.advised())
                && wish.names().test(key);
    }

    private static Value.Obj sender(String key, Tracked item) {
        return TrackerFile.value(item).with("value", Value.text(key));
    }

    /** What the members of groups tell each other, until interrupted: {@code job}, and a sender as above. */
    public void gossip(StreamHost host, Consumer<Value.Obj> to) throws InterruptedException {
        Mailbox<CopyMessage> heard = ports.tasks().mailbox(HEARD);
        try (Link.Subscription _ = host.subscribe(GOSSIP + ">", heard)) {
            while (host.connected()) {
                Optional<CopyMessage> one = heard.poll(LOOK);
                if (one.isPresent()) {
                    gossip(one.get()).ifPresent(to);
                }
            }
        }
        throw lost();
    }

    private Optional<Value.Obj> gossip(CopyMessage message) {
        try {
            if (ports.json().read(message.body()) instanceof Value.Obj o) {
                String job = message.subject().substring(GOSSIP.length());
                return Optional.of(
                        sender(o.text("value").orElse(""), TrackerFile.item(o)).with("job", Value.text(job)));
            }
        } catch (PortException.Refused | DateTimeException e) {
            System.getLogger(ReplicatorDesk.class.getName()).log(System.Logger.Level.DEBUG, "gossip that is none", e);
        }
        return Optional.empty();
    }

    /**
     * The advisories in a stream, as they were published, oldest first.
     *
     * @param stream that keeps them
     * @param since stored at this time or later
     * @param follow whether to wait for more, until interrupted
     */
    public void advisories(StreamHost host, String stream, Instant since, boolean follow, Consumer<Value.Obj> to)
            throws InterruptedException {
        String reader = "MR_LOOK_" + ports.entropy().hex(8);
        ReadPlan plan = new ReadPlan(
                stream, reader, "replicate admin advisories", "", new ReadPlan.StartAt.Time(since), 0, true);
        try (StreamReader from = host.reader(plan)) {
            while (host.connected()) {
                List<StreamReader.Read> reads = from.read(HEARD, 1 << 20, LOOK);
                for (StreamReader.Read read : reads) {
                    advisory(read.message()).ifPresent(to);
                }
                from.settle(reads);
                if (reads.isEmpty() && !follow) {
                    return;
                }
            }
        }
        throw lost();
    }

    private Optional<Value.Obj> advisory(CopyMessage message) {
        try {
            return ports.json().read(message.body()) instanceof Value.Obj o
                            && o.text("protocol").equals(Optional.of(Advisor.PROTOCOL))
                    ? Optional.of(o)
                    : Optional.empty();
        } catch (PortException.Refused noAdvisory) {
            System.getLogger(ReplicatorDesk.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "no advisory on " + message.subject(), noAdvisory);
            return Optional.empty();
        }
    }

    private static PortException.Unavailable lost() {
        return new PortException.Unavailable("link.lost", "the NATS connection ended");
    }
}
