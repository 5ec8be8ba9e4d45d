package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Source;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns receipts into commits and counts those that are none. One task. */
final class Receipts {
    private static final System.Logger LOG = System.getLogger(Receipts.class.getName());
    private static final int MAX_RUNS = 64;

    private final Source source;
    private final ReceiptVerifier verifier;
    private final InFlight inFlight;
    private final Meter meter;
    private final Map<String, Long> through = new LinkedHashMap<>();
    private String storeId = "";
    private String lastIgnored = "";
    private long done;

    Receipts(Source source, ReceiptVerifier verifier, InFlight inFlight, Meter meter) {
        this.source = source;
        this.verifier = verifier;
        this.inFlight = inFlight;
        this.meter = meter;
    }

    Progress settle(SignedMark signed) {
        return switch (verifier.verify(signed)) {
            case ReceiptVerifier.Ignored(String why) -> ignored(why);
            case ReceiptVerifier.Good(DoneMark mark) -> commit(mark);
        };
    }

    long done() {
        return done;
    }

    String storeId() {
        return storeId;
    }

    private Progress commit(DoneMark mark) {
        String run = mark.epoch().wire() + " " + mark.lane().wireName();
        long moved = mark.through() - through.getOrDefault(run, 0L);
        if (moved > 0) {
            long before = source.waiting();
            try {
                source.commit(mark);
            } catch (PortException.Refused beyond) {
                Optional<DoneMark> within = inFlight.within(mark);
                return within.isPresent() ? commit(within.get()) : ignored("beyond");
            } catch (PortException.Unavailable disk) {
                return ignored("disk");
            }
            through.remove(run);
            through.put(run, mark.through());
            if (through.size() > MAX_RUNS) {
                through.remove(through.keySet().iterator().next());
            }
            done += Math.max(0, before - source.waiting());
        }
        meter.count("mr_receipts_total", 1);
        boolean changed = !storeId.isEmpty() && !storeId.equals(mark.storeId());
        if (changed) {
            LOG.log(Level.WARNING, "the other side answers from another store: going back to the last receipt");
        }
        storeId = mark.storeId();
        return new Progress(mark, Math.max(moved, 0), changed);
    }

    private Progress ignored(String why) {
        meter.count("mr_receipts_ignored_total", "reason", why, 1);
        if (!why.equals(lastIgnored)) {
            lastIgnored = why;
            LOG.log(Level.WARNING, "a receipt is ignored: {0}; more of the same are counted only", why);
        }
        return new Progress(null, 0, false);
    }

    /**
     * What a receipt did.
     *
     * @param mark the receipt; null when ignored
     * @param moved numbers newly done
     * @param storeChanged whether another store spoke than before
     */
    record Progress(@Nullable DoneMark mark, long moved, boolean storeChanged) {}
}
