package io.machineroom.domain.replication;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the SaaS's side acknowledged over the present uplink, and what of it has a receipt. A node whose link to the leader broke
 * sends again what has no receipt; that much need not cross the line twice. It is dropped only when its receipt is known, or
 * was acknowledged so lately that the receipt must be on its way: else nobody would ever ask the SaaS about it. Bounded in
 * number, the oldest go first; what is not remembered crosses the line again, which is work and no harm. One task.
 */
final class SiteMemory {
    /** Up to 500 bytes each: half a minute of 250 events a second. A leader has a heap of 48 MB for all that it does. */
    static final int MOST_RECORDS = 8_000;

    /** Fewer than {@link SiteReceipts} keeps, so that whoever is told "stored" can be told by whom. */
    static final int MOST_RUNS = 8_000;

    private static final long ON_ITS_WAY_NANOS = 60_000_000_000L;

    private final Map<SiteRecord.Key, Long> acknowledged = new LinkedHashMap<>();
    /** By when they were last heard of; with the names of each, which are long and held once. */
    private final Map<SiteRecord.Run, Seen> runs = new LinkedHashMap<>(16, 0.75f, true);

    private String store = "";

    /** Every number of the run through that one is stored. */
    private record Seen(SiteRecord.Run run, long receipted) {}

    /** The next hop has it. */
    void acknowledged(SiteRecord.Key key, long ticks) {
        Seen seen = runs.get(key.run());
        SiteRecord.Key own = seen == null ? key : new SiteRecord.Key(seen.run(), key.from(), key.through(), key.id());
        acknowledged.put(own, ticks);
        bound(acknowledged, MOST_RECORDS);
    }

    /** The SaaS has it for good. Another store than before may have less than that one had: all is forgotten. */
    void receipted(SiteReceipt receipt) {
        if (!store.isEmpty() && !receipt.store().equals(store)) {
            forget();
        }
        store = receipt.store();
        runs.merge(
                receipt.run(),
                new Seen(receipt.run(), receipt.through()),
                (before, now) -> before.receipted() < now.receipted() ? now : before);
        bound(runs, MOST_RUNS);
    }

    /** Whether it need not go up again. */
    Answer ask(SiteRecord.Key key, long ticks) {
        Long since = acknowledged.get(key);
        if (since == null) {
            return Answer.NEW;
        }
        Seen seen = runs.get(key.run());
        if (seen != null && seen.receipted() >= key.through()) {
            return Answer.STORED;
        }
        return ticks - since < ON_ITS_WAY_NANOS ? Answer.ON_ITS_WAY : Answer.NEW;
    }

    /** Another uplink: what was acknowledged before may be gone with it. */
    void forget() {
        acknowledged.clear();
        runs.clear();
    }

    private static void bound(Map<?, ?> map, int most) {
        if (map.size() > most) {
            Iterator<?> eldest = map.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** What is known of a record. */
    enum Answer {
        /** It must go up. */
        NEW,
        /** The next hop has it, and its receipt must be on its way. */
        ON_ITS_WAY,
        /** There is a receipt for it. */
        STORED
    }
}
