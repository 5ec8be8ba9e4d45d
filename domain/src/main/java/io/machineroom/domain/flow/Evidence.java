package io.machineroom.domain.flow;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Stamp;
import java.util.Arrays;

/**
 * What this process knows of one epoch and lane on the wire: the numbers that it handed to a link or read past
 * since the last receipt, and the event at each. Enough to tell whether a receipt speaks of its own events or of those
 * of a clone, which has the same numbers. Sixteen bytes a record, at most as many as may be without a receipt.
 */
final class Evidence {
    /** Matches every id: a number that was parked may be stored as event or as void. */
    private static final long ANY = 0;

    private static final long VOID = 1;

    private long[] numbers = new long[16];
    private long[] events = new long[16];
    private int size;
    private long lowest;
    private long highest;
    private long done;

    /** What a receipt is to this spool. */
    enum Verdict {
        /** It speaks of events of this spool. */
        OWN,
        /** It says less than an earlier one. */
        OLD,
        /** It speaks of numbers that this process has not looked at yet. */
        AHEAD,
        /** It does not cover what lies before its number, or its number lies inside a void of this spool. */
        UNSURE,
        /** Another event stands at its number. */
        FOREIGN
    }

    /** These are handed over now. */
    void note(Iterable<Delivery> records) {
        for (Delivery delivery : records) {
            Stamp stamp = delivery.stamp();
            if (stamp.through() > highest) {
                pass(stamp);
                if (size == numbers.length) {
                    numbers = Arrays.copyOf(numbers, size * 2);
                    events = Arrays.copyOf(events, size * 2);
                }
                numbers[size] = stamp.through();
                events[size++] = event(delivery);
            } else if (stamp.isVoid()) {
                int at = Arrays.binarySearch(numbers, 0, size, stamp.through());
                if (at >= 0 && events[at] != VOID) {
                    events[at] = ANY;
                }
            }
        }
    }

    /** This one is read and not handed over, for a receipt spoke of it; what stands there is kept for the last only. */
    void skip(Delivery delivery, boolean last) {
        if (last) {
            note(java.util.List.of(delivery));
        } else if (delivery.stamp().through() > highest) {
            pass(delivery.stamp());
        }
    }

    private void pass(Stamp stamp) {
        lowest = lowest == 0 ? stamp.from() : lowest;
        highest = stamp.through();
    }

    private static long event(Delivery delivery) {
        Stamp stamp = delivery.stamp();
        if (!stamp.isVoid()) {
            return hash(delivery.message().id());
        }
        String cause = stamp.cause().orElse("");
        return cause.equals(ParkedMessages.CAUSE) || cause.equals("damaged") ? ANY : VOID;
    }

    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        }
        return hash == ANY || hash == VOID ? 2 : hash;
    }

    Verdict judge(ReceiptVerifier.Good receipt) {
        long through = receipt.mark().through();
        if (through <= done) {
            return Verdict.OLD;
        }
        if (through > highest) {
            return Verdict.AHEAD;
        }
        int at = Arrays.binarySearch(numbers, 0, size, through);
        if (receipt.since() > lowest || at < 0) {
            return Verdict.UNSURE;
        }
        long said = receipt.id().equals(ReceiptVerifier.VOID) ? VOID : hash(receipt.id());
        return events[at] == ANY || events[at] == said ? Verdict.OWN : Verdict.FOREIGN;
    }

    /** Everything through this number has its receipt; how many numbers that is more than before. */
    long settle(long through) {
        int gone = Arrays.binarySearch(numbers, 0, size, through);
        gone = gone < 0 ? -gone - 1 : gone + 1;
        System.arraycopy(numbers, gone, numbers, 0, size - gone);
        System.arraycopy(events, gone, events, 0, size - gone);
        size -= gone;
        long moved = through - Math.max(done, lowest - 1);
        done = through;
        lowest = highest > through ? through + 1 : 0;
        return moved;
    }

    /** Whether it looked at numbers that have no receipt. */
    boolean isOpen() {
        return lowest != 0;
    }

    /** Forgets what it looked at, not what has its receipt: the caller goes back. */
    void forget() {
        size = 0;
        lowest = 0;
        highest = done;
    }
}
