package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages that come over the control socket, on their way to the task that knows what the spool has: only one task can tell whether
 * an id is taken. {@link #ask} is safe from any task, the rest belongs to that one.
 */
final class SubmissionCommands {
    /** How long somebody waits for the answer. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MAX = 10_000;
    private static final int BATCH = 64;
    private static final long BATCH_BYTES = 1 << 20;

    private final SubmissionPorts ports;
    private final SubmissionSettings settings;
    private final SubmissionEnvelope envelope;
    private final TakenMessages known;
    private final Mailbox<Wanted> mail;
    private final List<Wanted> open = new ArrayList<>();
    private boolean searched;

    SubmissionCommands(SubmissionPorts ports, SubmissionSettings settings, TakenMessages known) {
        this.ports = ports;
        this.settings = settings;
        this.envelope = new SubmissionEnvelope(ports.keyring(), ports.signatures());
        this.known = known;
        this.mail = ports.tasks().mailbox(MAX);
    }

    /** Somebody who waits. */
    private record Wanted(Submission message, Mailbox<Answer> answer) {
        void is(TakenMessages.Place place) {
            answer.offer(new Answer.Taken(place));
        }

        void fails(PortException why) {
            answer.offer(new Answer.Refused(why));
        }
    }

    private sealed interface Answer {
        record Taken(TakenMessages.Place place) implements Answer {}

        record Refused(PortException why) implements Answer {}
    }

    /** One that can be appended. */
    private record Ready(Wanted wanted, Message message) {}

    static PortException.Refused closed() {
        return new PortException.Refused("spool.closed", "the agent has no spool open");
    }

    /** Hands a message over and waits until it is durable. */
    TakenMessages.Place ask(Submission message) throws InterruptedException {
        Mailbox<Answer> answer = ports.tasks().mailbox(1);
        if (!mail.offer(new Wanted(message, answer))) {
            throw new PortException.Unavailable("spool.busy", MAX + " messages wait for the spool already");
        }
        return switch (answer.poll(PATIENCE).orElseThrow(SubmissionCommands::busy)) {
            case Answer.Taken taken -> taken.place();
            case Answer.Refused refused -> throw refused.why();
        };
    }

    private static PortException.Unavailable busy() {
        return new PortException.Unavailable("spool.busy", "the spool did not answer within " + PATIENCE);
    }

    /** Waits for the next one, up to that time. */
    void await(Duration time) throws InterruptedException {
        if (open.isEmpty()) {
            mail.poll(time).ifPresent(open::add);
        }
    }

    /** Nobody waits any longer: there is no spool now. */
    void refuse() {
        collect();
        open.forEach(wanted -> wanted.fails(closed()));
        open.clear();
    }

    private void collect() {
        open.addAll(mail.drain(MAX));
    }

    /** Appends what waits; how many messages the spool took. */
    int store(Spool spool) throws InterruptedException {
        collect();
        int taken = 0;
        try {
            search(spool);
            while (!open.isEmpty()) {
                taken += append(spool, batch());
            }
        } catch (PortException disk) {
            open.forEach(wanted -> wanted.fails(disk));
            open.clear();
        }
        return taken;
    }

    /** What was in the spool before this process is looked for once, and only where somebody submits at all. */
    private void search(Spool spool) throws InterruptedException {
        if (!searched && !open.isEmpty()) {
            known.findAll(spool);
            searched = true;
        }
    }

    /** The next ones of one lane, no id twice; who needs nothing of the spool has the answer at once. */
    private List<Ready> batch() {
        List<Ready> batch = new ArrayList<>();
        long bytes = 0;
        while (!open.isEmpty() && batch.size() < BATCH && bytes < BATCH_BYTES) {
            Wanted next = open.getFirst();
            if (batch.stream()
                            .anyMatch(one ->
                                    one.message().id().equals(next.message().id()))
                    || !batch.isEmpty() && lane(batch.getFirst().wanted()) != lane(next)) {
                break;
            }
            open.removeFirst();
            Optional<Ready> ready = ready(next, ports.time().wall());
            if (ready.isPresent()) {
                batch.add(ready.get());
                bytes += ready.get().message().size();
            }
        }
        return batch;
    }

    /** Before any rule: what is spooled already may have expired since. */
    private Optional<Ready> ready(Wanted wanted, Instant now) {
        try {
            Optional<TakenMessages.Place> place = known.place(wanted.message());
            if (place.isPresent()) {
                wanted.is(place.get());
                return Optional.empty();
            }
            SubmissionRules.check(wanted.message(), settings, now);
            return Optional.of(new Ready(wanted, envelope.message(wanted.message(), Submission.PREFIX)));
        } catch (PortException.Refused unusable) {
            wanted.fails(unusable);
            return Optional.empty();
        }
    }

    private static Lane lane(Wanted wanted) {
        return Submission.lane(wanted.message().priority());
    }

    private int append(Spool spool, List<Ready> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            return 0;
        }
        Lane lane = lane(batch.getFirst().wanted());
        try {
            List<Spool.Appended> given =
                    spool.append(lane, batch.stream().map(Ready::message).toList());
            ports.meter().count("mr_events_created_total", batch.size());
            return tell(lane, batch, given);
        } catch (PortException.Refused full) {
            if (batch.size() == 1) {
                batch.getFirst().wanted().fails(full);
                return 0;
            }
            int taken = 0;
            for (Ready one : batch) {
                taken += append(spool, List.of(one));
            }
            return taken;
        } catch (PortException.Unavailable disk) {
            batch.forEach(one -> one.wanted().fails(disk));
            return 0;
        }
    }

    private int tell(Lane lane, List<Ready> batch, List<Spool.Appended> given) {
        int taken = 0;
        for (Ready one : batch) {
            if (taken < given.size() && given.get(taken).kept()) {
                TakenMessages.Place place =
                        new TakenMessages.Place(lane, given.get(taken).from());
                known.add(one.message(), place);
                one.wanted().is(place);
                taken++;
            } else {
                one.wanted()
                        .fails(new PortException.Refused(
                                "spool.full", "lane " + lane.wireName() + " drops what is new: it is full"));
            }
        }
        return taken;
    }
}
