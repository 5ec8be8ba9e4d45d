package io.machineroom.domain.replication;

import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a receipt for a node of the site says. The leader passes receipts on as they came and cannot vouch for them: the node
 * verifies. Held without its text, which its parts spell in one way only: a leader keeps thousands.
 */
final class SiteReceipt {
    private static final String KIND = "mr-receipt-2";
    private static final int MAX_TEXT = 1024;
    private static final int WORDS = 7;

    private final SiteRecord.Run run;
    private final long through;
    private final String store;
    private final long since;
    private final byte[] signature;

    private SiteReceipt(SiteRecord.Run run, long through, String store, long since, byte[] signature) {
        this.run = run;
        this.through = through;
        this.store = store;
        this.since = since;
        this.signature = signature;
    }

    /** Reads one; empty when it is none. */
    static Optional<SiteReceipt> of(SignedMark mark) {
        String[] words = mark.text().split(" ", -1);
        if (mark.text().length() > MAX_TEXT
                || words.length != WORDS
                || !words[0].equals(KIND)
                || !words[1].matches("U[A-Z0-9]{1,63}")) {
            return Optional.empty();
        }
        try {
            SiteReceipt receipt = new SiteReceipt(
                    new SiteRecord.Run(words[1], Epoch.ofWire(words[2]), Lane.ofWire(words[3])),
                    Long.parseLong(words[4]),
                    words[5],
                    Long.parseLong(words[6]),
                    HexFormat.of().parseHex(mark.signature()));
            return receipt.mark().equals(mark) ? Optional.of(receipt) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Which numbers it is about. */
    SiteRecord.Run run() {
        return run;
    }

    /** Every number through this one is stored. */
    long through() {
        return through;
    }

    /** Whose word it is. */
    String store() {
        return store;
    }

    /** As it came. */
    SignedMark mark() {
        String text = String.join(
                " ",
                KIND,
                run.nodeKey(),
                run.epoch().wire(),
                run.lane().wireName(),
                Long.toString(through),
                store,
                Long.toString(since));
        return new SignedMark(text, HexFormat.of().formatHex(signature));
    }

    /** The same with the names of an earlier one about the same numbers: they are long, and held once. */
    SiteReceipt with(SiteReceipt earlier) {
        return new SiteReceipt(
                earlier.run, through, store.equals(earlier.store) ? earlier.store : store, since, signature);
    }

    /** Whether it says more than the other one about the same numbers, in the same store. */
    boolean exceeds(SiteReceipt other) {
        return store.equals(other.store) && through > other.through;
    }
}
