package io.machineroom.domain.spooling.submission;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.spooling.SharedSpool;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings the files of a {@link SubmissionDirectory} into the spool, each priority in its order, and deletes a file when the
 * spool has its message for good. Looks once a second, reads no more than it appends at once, and holds a priority back as a
 * whole while the spool takes nothing. Attempts are not counted: what is valid waits.
 *
 * <p>{@link #run()} is one task and owns the files; the rest is safe from any task.
 */
public final class Submissions implements Service {
    private static final System.Logger LOG = System.getLogger(Submissions.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final SharedSpool shared;
    private final SubmissionDirectory directory;
    private final SubmissionPorts ports;
    private final Node node;
    private final SubmissionDesk desk;
    private final Disposal disposal;
    private final List<SubmissionQueue> queues = new ArrayList<>();
    private final SubmissionCommands commands;
    private final TakenMessages known;
    private long taken;
    private String lastCode = "";
    private boolean dropping;
    private volatile SubmissionState state = SubmissionState.none();

    /**
     * Whose submissions they are.
     *
     * @param out takes the event that tells of rejected files; never blocks
     */
    public record Node(String identity, Events events, Consumer<Outgoing> out) {}

    public Submissions(
            SharedSpool shared,
            SubmissionDirectory directory,
            SubmissionSettings settings,
            SubmissionPorts ports,
            Node node) {
        this.shared = shared;
        this.directory = directory;
        this.ports = ports;
        this.node = node;
        this.disposal = new Disposal(directory, ports.meter());
        this.known = new TakenMessages(ports.signatures());
        this.commands = new SubmissionCommands(ports, settings, known);
        this.desk = new SubmissionDesk(shared, node.identity(), ports, commands);
        SubmissionQueue.Reading reading = new SubmissionQueue.Reading(
                new SubmissionEnvelope(ports.keyring(), ports.signatures()), node.identity(), ports.time(), known);
        for (int priority = 0; priority < Submission.PRIORITIES; priority++) {
            queues.add(new SubmissionQueue(priority, directory, settings, reading, disposal));
        }
    }

    @Override
    public String name() {
        return "submissions";
    }

    /** Takes messages over the control socket. */
    public SubmissionDesk desk() {
        return desk;
    }

    /** In numbers. */
    public SubmissionState state() {
        return state;
    }

    @Override
    public void run() throws InterruptedException {
        boolean begun = false;
        try {
            while (true) {
                boolean more = false;
                try {
                    Optional<Spool> spool = shared.current();
                    if (spool.isPresent()) {
                        took("command", commands.store(spool.get()));
                        begun = begun || begin(spool.get());
                        more = look(spool.get());
                    } else {
                        commands.refuse();
                    }
                } catch (PortException.Unavailable | PortException.Refused disk) {
                    held(disk);
                }
                report();
                if (!more) {
                    commands.await(LOOK);
                }
            }
        } finally {
            commands.refuse();
        }
    }

    /** A process that ended between spool and directory left messages in both. They are found by their ids. */
    private boolean begin(Spool spool) throws InterruptedException {
        directory.prepare();
        Set<String> ids = new HashSet<>();
        queues.forEach(queue -> queue.ids(ids));
        known.find(ids, spool);
        return true;
    }

    /** One batch of each priority, the first one first; whether there may be more at once. */
    private boolean look(Spool spool) throws InterruptedException {
        boolean more = false;
        long waiting = 0;
        lastCode = "";
        disposal.retry();
        for (SubmissionQueue queue : queues) {
            try {
                SubmissionQueue.Head head = queue.head();
                head.refused().forEach(disposal::reject);
                head.repeated().forEach(name -> disposal.delete(queue.priority(), name));
                int done = store(spool, queue.priority(), head.found())
                        + head.refused().size()
                        + head.repeated().size();
                waiting += head.files() - done;
                more |= done > 0 && done == head.size();
            } catch (PortException.Unavailable | PortException.Refused disk) {
                held(disk); // the other priorities go on
            }
        }
        ports.meter().gauge("mr_submissions_waiting", (double) waiting);
        state = new SubmissionState(taken, disposal.rejected(), waiting, lastCode);
        return more;
    }

    /** Appends them in order and lets go of their files; how many are done with. */
    private int store(Spool spool, int priority, List<SubmissionQueue.Found> open) throws InterruptedException {
        int done = 0;
        // what a lane drops leaves a void each: one a look is enough to see whether there is room again
        int size = dropping ? 1 : Math.max(1, open.size());
        for (int at = 0; at < open.size(); ) {
            List<SubmissionQueue.Found> run = open.subList(at, Math.min(open.size(), at + size));
            try {
                int kept = append(spool, priority, run);
                at += run.size();
                done += kept;
                dropping = kept < run.size();
                if (dropping) {
                    held(new PortException.Refused("spool.full", "the lane drops what is new: it is full"));
                    return done;
                }
            } catch (PortException.Refused full) {
                if (run.size() > 1) {
                    size = 1;
                } else if (full.code().equals("spool.too-large")) {
                    disposal.reject(
                            new SubmissionQueue.Refusal(priority, run.getFirst().name(), full));
                    at++;
                    done++;
                } else {
                    held(full);
                    return done;
                }
            } catch (PortException.Unavailable disk) {
                held(disk);
                return done;
            }
        }
        return done;
    }

    private int append(Spool spool, int priority, List<SubmissionQueue.Found> run) throws InterruptedException {
        List<Spool.Appended> given = spool.append(
                Submission.lane(priority),
                run.stream().map(SubmissionQueue.Found::message).toList());
        int kept = (int) given.stream().filter(Spool.Appended::kept).count();
        ports.meter().count("mr_events_created_total", run.size());
        took("directory", kept);
        for (int i = 0; i < kept; i++) {
            SubmissionQueue.Found one = run.get(i);
            known.add(
                    one.message(),
                    new TakenMessages.Place(given.get(i).lane(), given.get(i).from()));
            disposal.delete(priority, one.name());
        }
        return kept;
    }

    private void took(String way, long messages) {
        if (messages > 0) {
            taken += messages;
            ports.meter().count("mr_events_stored_total", messages);
            ports.meter().count("mr_submissions_total", "way", way, messages);
        }
    }

    /** One event for all that a look has rejected. */
    private void report() {
        disposal.news().ifPresent(data -> {
            LOG.log(
                    Level.ERROR,
                    "{0} submissions are rejected, the first is {1}: {2}",
                    data.whole("count").orElse(0L),
                    data.text("file").orElse(""),
                    data.text("reason").orElse(""));
            node.out().accept(node.events().product("submission_rejected", data));
        });
    }

    private void held(PortException reason) {
        if (!reason.code().equals(state.lastCode())) {
            LOG.log(Level.WARNING, "submissions wait: {0}: {1}", reason.code(), reason.getMessage());
        }
        lastCode = reason.code();
        state = new SubmissionState(taken, disposal.rejected(), state.waiting(), lastCode);
    }
}
