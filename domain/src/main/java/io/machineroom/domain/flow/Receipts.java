package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns receipts into commits of what was handed over, and counts those that are none. One task. */
final class Receipts {
    private static final System.Logger LOG = System.getLogger(Receipts.class.getName());

    private final Source source;
    private final ReceiptVerifier verifier;
    private final Meter meter;
    private final Handed handed = new Handed();
    private String storeId = "";
    private String lastIgnored = "";
    private long done;

    Receipts(Source source, ReceiptVerifier verifier, Meter meter) {
        this.source = source;
        this.verifier = verifier;
        this.meter = meter;
    }

    Progress settle(SignedMark signed) {
        return switch (verifier.verify(signed)) {
            case ReceiptVerifier.Ignored(String why) -> ignored(why);
            case ReceiptVerifier.Good(DoneMark mark, long since) -> judge(mark, since);
        };
    }

    long done() {
        return done;
    }

    String storeId() {
        return storeId;
    }

    /** These, of one epoch and lane, are on their way to the next hop. */
    void begun(List<Delivery> batch) {
        handed.begun(batch);
    }

    /** The next hop took these; a receipt may have been there before its answer. */
    Progress acknowledged(List<Delivery> prefix) {
        Stamp last = prefix.getLast().stamp();
        handed.acknowledged(last);
        return commit(Handed.Run.of(last));
    }

    /** The pump goes back. */
    void forget() {
        handed.forget();
    }

    private Progress judge(DoneMark mark, long since) {
        boolean changed = !storeId.isEmpty() && !storeId.equals(mark.storeId());
        storeId = mark.storeId();
        Handed.Run run = new Handed.Run(mark.epoch(), mark.lane());
        Progress progress = switch (handed.receipted(run, since, mark.through())) {
            case SOME -> commit(run);
            case NONE -> Progress.NONE;
            case GAP -> ignored("gap");
        };
        if (changed) {
            LOG.log(Level.WARNING, "the other side answers from another store: going back to the last receipt");
        }
        return new Progress(progress.mark(), progress.moved(), changed);
    }

    private Progress commit(Handed.Run run) {
        long free = handed.free(run);
        if (free == 0) {
            return Progress.NONE;
        }
        long before = source.waiting();
        DoneMark mark = new DoneMark(run.epoch(), run.lane(), free, storeId);
        try {
            source.commit(mark);
        } catch (PortException.Refused beyond) {
            return ignored("beyond");
        } catch (PortException.Unavailable disk) {
            return ignored("disk");
        }
        meter.count("mr_receipts_total", 1);
        done += Math.max(0, before - source.waiting());
        return new Progress(mark, Math.max(0, handed.done(run, free)), false);
    }

    private Progress ignored(String why) {
        meter.count("mr_receipts_ignored_total", "reason", why, 1);
        if (!why.equals(lastIgnored)) {
            lastIgnored = why;
            LOG.log(Level.WARNING, "a receipt is ignored: {0}; more of the same are counted only", why);
        }
        return Progress.NONE;
    }

    /**
     * What a receipt did.
     *
     * @param mark what was let go; null when nothing was
     * @param moved numbers newly done
     * @param storeChanged whether another store spoke than before
     */
    record Progress(@Nullable DoneMark mark, long moved, boolean storeChanged) {
        static final Progress NONE = new Progress(null, 0, false);
    }
}
