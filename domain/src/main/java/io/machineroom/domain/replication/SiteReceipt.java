package io.machineroom.domain.replication;

import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.SignedMark;
import java.util.Optional;

/**
 * What a receipt for a node of the site says. The leader passes receipts on as they came and cannot vouch for them: the node
 * verifies.
 *
 * @param run which numbers it is about
 * @param through every number through this one is stored
 * @param store whose word it is
 * @param mark as it came
 */
record SiteReceipt(SiteRecord.Run run, long through, String store, SignedMark mark) {
    private static final int MAX_TEXT = 1024;
    private static final int WORDS = 7;

    /** Reads one; empty when it is none. */
    static Optional<SiteReceipt> of(SignedMark mark) {
        String[] words = mark.text().split(" ", -1);
        if (mark.text().length() > MAX_TEXT
                || words.length != WORDS
                || !words[0].equals("mr-receipt-2")
                || !words[1].matches("U[A-Z0-9]{1,63}")) {
            return Optional.empty();
        }
        try {
            SiteRecord.Run run = new SiteRecord.Run(words[1], Epoch.ofWire(words[2]), Lane.ofWire(words[3]));
            return Optional.of(new SiteReceipt(run, Long.parseLong(words[4]), words[5], mark));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
