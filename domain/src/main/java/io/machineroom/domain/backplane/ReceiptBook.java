package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Receipts that a partition owes its nodes: at most one a second per node and lane, older epochs first.
 * Belongs to the task of its partition.
 */
final class ReceiptBook {
    private static final System.Logger LOG = System.getLogger(ReceiptBook.class.getName());
    private static final long PERIOD_NANOS = 1_000_000_000L;
    /** Epochs of a node and lane that may wait for their receipt. */
    private static final int MAX_MARKS = 32;

    private final Receipts receipts;
    private final ReceiptSender sender;
    private final String storeId;
    private final Meter meter;
    private final Map<String, Debt> debts = new LinkedHashMap<>();

    ReceiptBook(Receipts receipts, ReceiptSender sender, String storeId, Meter meter) {
        this.receipts = receipts;
        this.sender = sender;
        this.storeId = storeId;
        this.meter = meter;
    }

    /** What one node and lane is owed. */
    private static final class Debt {
        private final Origin origin;
        private final Map<Epoch, Stand> marks = new LinkedHashMap<>();
        private long nextTicks;

        private Debt(Origin origin, long now) {
            this.origin = origin;
            this.nextTicks = now;
        }
    }

    SignedMark sign(Origin origin, Epoch epoch, Lane lane, Stand stand) {
        return receipts.sign(origin.nodeKey(), new DoneMark(epoch, lane, stand.through(), storeId), stand.since());
    }

    void owe(Origin origin, Epoch epoch, Lane lane, Stand stand, long now) {
        String key = origin.customer() + "/" + origin.nodeKey() + "/" + lane;
        Map<Epoch, Stand> marks = debts.computeIfAbsent(key, k -> new Debt(origin, now)).marks;
        marks.put(epoch, stand);
        if (marks.size() > MAX_MARKS) {
            // a repeat of the dropped epoch owes its receipt again
            marks.remove(marks.keySet().iterator().next());
        }
    }

    /** Sends what is due. */
    void flush(long now) {
        Iterator<Map.Entry<String, Debt>> each = debts.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Debt> entry = each.next();
            Debt debt = entry.getValue();
            if (debt.nextTicks - now > 0) {
                continue;
            }
            if (debt.marks.isEmpty()) {
                each.remove();
                continue;
            }
            Map.Entry<Epoch, Stand> mark = debt.marks.entrySet().iterator().next();
            Lane lane = Lane.valueOf(entry.getKey().substring(entry.getKey().lastIndexOf('/') + 1));
            send(debt.origin, sign(debt.origin, mark.getKey(), lane, mark.getValue()));
            debt.marks.remove(mark.getKey());
            debt.nextTicks = now + PERIOD_NANOS;
        }
    }

    /** A receipt that cannot be sent is as good as lost on the way: it comes again. */
    private void send(Origin origin, SignedMark receipt) {
        try {
            sender.send(origin, receipt);
        } catch (RuntimeException fault) {
            meter.count("mr_backplane_faults_total", "part", "receipts", 1);
            LOG.log(System.Logger.Level.ERROR, "a receipt for " + origin.identity() + " is not sent", fault);
        }
    }

    boolean owes() {
        return !debts.isEmpty();
    }
}
