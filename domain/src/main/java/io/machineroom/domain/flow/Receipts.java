package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Source;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns receipts into commits and counts those that are none. A receipt is believed when the event at its number is
 * the one that this spool holds there. What it says of numbers that were not looked at yet, after a restart, is a
 * claim: the records are read up to there and not sent, and then it is decided. One task.
 */
final class Receipts {
    private static final System.Logger LOG = System.getLogger(Receipts.class.getName());
    private static final int MAX_RUNS = 64;

    private final Source source;
    private final ReceiptVerifier verifier;
    private final Branches branches;
    private final Meter meter;
    private final long patience;
    private final Map<Run, Evidence> evidence = new LinkedHashMap<>();
    private final Map<Run, Claim> claims = new LinkedHashMap<>();
    private String storeId = "";
    private String lastIgnored = "";
    private long done;

    Receipts(Source source, ReceiptVerifier verifier, Branches branches, Meter meter, Duration patience) {
        this.source = source;
        this.verifier = verifier;
        this.branches = branches;
        this.meter = meter;
        this.patience = patience.toNanos();
    }

    private record Run(Epoch epoch, Lane lane) {
        static Run of(DoneMark mark) {
            return new Run(mark.epoch(), mark.lane());
        }

        static Run of(Delivery delivery) {
            return new Run(delivery.stamp().epoch(), delivery.stamp().lane());
        }
    }

    /** A receipt that waits until its number is looked at, and since when. */
    private record Claim(ReceiptVerifier.Good receipt, long at) {}

    /** Decides on a receipt that came now. */
    Progress settle(SignedMark signed, long now) {
        return switch (verifier.verify(signed)) {
            case ReceiptVerifier.Ignored(String why) -> ignored(why);
            case ReceiptVerifier.Good good -> judge(good, now);
        };
    }

    long done() {
        return done;
    }

    String storeId() {
        return storeId;
    }

    private Progress judge(ReceiptVerifier.Good good, long now) {
        Run run = Run.of(good.mark());
        Progress progress = switch (evidence(run).judge(good)) {
            case OWN -> commit(good.mark());
            case OLD -> new Progress(null, 0, "");
            case AHEAD -> {
                claims.putIfAbsent(run, new Claim(good, now));
                yield new Progress(null, 0, "");
            }
            case UNSURE -> ignored("gap");
            case FOREIGN -> forked(run);
        };
        boolean changed = !storeId.isEmpty() && !storeId.equals(good.mark().storeId());
        storeId = good.mark().storeId();
        if (changed) {
            LOG.log(Level.WARNING, "the other side answers from another store: going back to the last receipt");
            return new Progress(progress.mark(), progress.moved(), "store");
        }
        return progress;
    }

    private Evidence evidence(Run run) {
        Evidence known = evidence.remove(run);
        Evidence one = known == null ? new Evidence() : known;
        evidence.put(run, one);
        if (evidence.size() > MAX_RUNS) {
            evidence.entrySet().stream()
                    .filter(e -> !e.getKey().equals(run) && !e.getValue().isOpen())
                    .findFirst()
                    .ifPresent(e -> evidence.remove(e.getKey()));
        }
        return one;
    }

    /** These records are handed to a link now. */
    void sending(List<Delivery> batch) {
        evidence(Run.of(batch.getFirst())).note(batch);
    }

    boolean waitsForClaims() {
        return !claims.isEmpty();
    }

    /** How many records at the head are not to be sent, because a receipt that is not decided yet speaks of them. */
    int claimed(List<Delivery> batch) {
        Claim claim = batch.isEmpty() ? null : claims.get(Run.of(batch.getFirst()));
        if (claim == null) {
            return 0;
        }
        long through = claim.receipt().mark().through();
        return (int) batch.stream().filter(d -> d.stamp().from() <= through).count();
    }

    /** Looks at claimed records instead of sending them; decides when the number of the claim is among them. */
    Progress skip(List<Delivery> claimed) {
        Run run = Run.of(claimed.getFirst());
        Claim claim = claims.get(run);
        if (claim == null) {
            throw new IllegalStateException("nobody claims these");
        }
        long through = claim.receipt().mark().through();
        Evidence known = evidence(run);
        for (Delivery delivery : claimed) {
            known.skip(delivery, delivery.stamp().through() == through);
        }
        if (claimed.getLast().stamp().through() < through) {
            return new Progress(null, 0, "");
        }
        claims.remove(run);
        return switch (known.judge(claim.receipt())) {
            case OWN -> commit(claim.receipt().mark());
            case FOREIGN -> forked(run);
            case OLD -> new Progress(null, 0, "");
            case AHEAD, UNSURE -> {
                known.forget();
                yield new Progress(null, 0, "gap");
            }
        };
    }

    /**
     * Decides on claims whose number does not exist in this spool: nothing more is there to read, or a later epoch of
     * the lane has come, or it takes too long.
     *
     * @param next records that come next, of one epoch and lane; empty when there are none
     */
    Progress unfound(List<Delivery> next, long now) {
        for (Map.Entry<Run, Claim> one : Map.copyOf(claims).entrySet()) {
            Run run = one.getKey();
            boolean behind = next.isEmpty()
                    || (next.getFirst().stamp().lane() == run.lane()
                            && next.getFirst().stamp().epoch().ordinal()
                                    > run.epoch().ordinal());
            if (behind || now - one.getValue().at() >= patience) {
                claims.remove(run);
                if (evidence(run).isOpen()) {
                    return forked(run);
                }
                evidence.remove(run);
                ignored("beyond");
            }
        }
        return new Progress(null, 0, "");
    }

    private Progress forked(Run run) {
        LOG.log(
                Level.ERROR,
                "node.forked: somebody else uses epoch {0} of this spool, a clone or a later self: what has no receipt"
                        + " goes on under a name of its own",
                run.epoch().wire());
        ignored("forked");
        evidence.remove(run);
        claims.remove(run);
        branches.leave(run.epoch(), run.lane());
        return new Progress(null, 0, "forked");
    }

    private Progress commit(DoneMark mark) {
        long before = source.waiting();
        try {
            source.commit(branches.original(mark));
        } catch (PortException.Refused beyond) {
            return ignored("beyond");
        } catch (PortException.Unavailable disk) {
            return ignored("disk");
        }
        meter.count("mr_receipts_total", 1);
        done += Math.max(0, before - source.waiting());
        return new Progress(mark, evidence(Run.of(mark)).settle(mark.through()), "");
    }

    private Progress ignored(String why) {
        meter.count("mr_receipts_ignored_total", "reason", why, 1);
        if (!why.equals(lastIgnored)) {
            lastIgnored = why;
            LOG.log(Level.WARNING, "a receipt is ignored: {0}; more of the same are counted only", why);
        }
        return new Progress(null, 0, "");
    }

    /**
     * What a receipt did.
     *
     * @param mark the receipt as it stands on the wire; null when nothing came of it
     * @param moved numbers newly done
     * @param back why to go back to the last receipt; empty when not
     */
    record Progress(@Nullable DoneMark mark, long moved, String back) {}
}
