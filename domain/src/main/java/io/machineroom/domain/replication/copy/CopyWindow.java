package io.machineroom.domain.replication.copy;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Brings messages to the target in their order, many on their way at once. One that is refused for itself is parked after
 * some tries and the rest goes on; the third in a row with nothing stored between is taken for a fault of the target, and
 * waits instead. After a fault messages go one by one for a while, so that none overtakes another. One task.
 */
final class CopyWindow {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int CAREFUL = 64;
    private static final int PARKED_IN_A_ROW = 2;
    private static final int TRIES = 5;

    /**
     * A message and what was decided about it.
     *
     * @param copy whether it is brought to the target
     * @param decision of the limiter; one without a sender when nothing is sampled
     */
    record Pending(Read read, boolean copy, Limiter.Decision decision) {}

    /** Whom to tell that a message is dealt with. */
    interface Done {
        void dealtWith(Pending pending, boolean stored);
    }

    private final JobConfig job;
    private final CopyHeaders headers;
    private final CopyPlace place;
    private final JobTally tally;
    private final ParkedCopies parked;
    private final ReplicatorPorts ports;
    private final Backoff backoff = Backoff.twentySeconds();
    private int careful;
    private int attempts;
    private int parkedInARow;

    CopyWindow(
            JobConfig job,
            CopyHeaders headers,
            CopyPlace place,
            JobTally tally,
            ParkedCopies parked,
            ReplicatorPorts ports) {
        this.job = job;
        this.headers = headers;
        this.place = place;
        this.tally = tally;
        this.parked = parked;
        this.ports = ports;
    }

    /**
     * Deals with all of them, or throws; what was dealt with before is told to {@code done}.
     *
     * @param goOn asked before waiting; false ends it with the fault that it would have waited for
     */
    void write(List<Pending> window, StreamHost target, BooleanSupplier goOn, Done done) throws InterruptedException {
        int at = 0;
        while (at < window.size()) {
            List<Pending> next = window.subList(at, window.size());
            StreamHost.Written written = send(next, target);
            int moved = settle(next, written.accepted(), done);
            at += moved;
            PortException fault = written.fault();
            if (fault != null && at < window.size()) {
                attempts = moved > 0 ? 0 : attempts;
                at += trouble(window.get(at), fault, target, goOn, done);
            }
        }
    }

    private StreamHost.Written send(List<Pending> next, StreamHost target) throws InterruptedException {
        List<CopyMessage> outgoing = new ArrayList<>();
        int most = careful > 0 || attempts > 0 ? 1 : next.size();
        for (Pending pending : next) {
            if (pending.copy() && outgoing.size() < most) {
                outgoing.add(headers.of(pending.read(), place.created(), attempts));
            }
        }
        if (outgoing.isEmpty()) {
            return new StreamHost.Written(0, 0, null);
        }
        String expected = job.mapping().create() ? job.mapping().targetStream() : "";
        return target.write(outgoing, expected);
    }

    /** How many are dealt with: those that were stored, and those between them that are left out. */
    private int settle(List<Pending> next, int accepted, Done done) {
        int left = accepted;
        int moved = 0;
        for (Pending pending : next) {
            if (pending.copy() && left == 0) {
                break;
            }
            if (pending.copy()) {
                left--;
                attempts = 0;
                careful = Math.max(0, careful - 1);
                parkedInARow = 0;
            }
            done.dealtWith(pending, pending.copy());
            moved++;
        }
        return moved;
    }

    /** Parks it, which deals with it, or waits; how many are dealt with. */
    private int trouble(Pending pending, PortException fault, StreamHost target, BooleanSupplier goOn, Done done)
            throws InterruptedException {
        tally.failed(fault);
        if (!target.connected() || !goOn.getAsBoolean()) {
            throw fault;
        }
        careful = CAREFUL;
        attempts++;
        if (isPoison(fault) && parkedInARow < PARKED_IN_A_ROW) {
            parked.park(pending.read(), headers.of(pending.read(), place.created(), 0), fault);
            tally.parked();
            attempts = 0;
            parkedInARow++;
            done.dealtWith(pending, false);
            return 1;
        }
        pause(backoff.delay(attempts - 1, ports.entropy()), fault, goOn);
        return 0;
    }

    /** A stream that answers that it does not want this one; not one that is full, away, or slow. */
    private boolean isPoison(PortException fault) {
        return fault instanceof PortException.Refused
                || attempts >= TRIES
                        && (fault.code().equals("sink.failed") || fault.code().equals("sink.unauthorized"));
    }

    private void pause(Duration duration, PortException fault, BooleanSupplier goOn) throws InterruptedException {
        long end = ports.time().ticks() + duration.toNanos();
        while (true) {
            long left = end - ports.time().ticks();
            if (left <= 0) {
                return;
            }
            if (!goOn.getAsBoolean()) {
                throw fault;
            }
            ports.tasks().sleep(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        }
    }
}
