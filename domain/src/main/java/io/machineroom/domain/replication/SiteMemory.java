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
    static final int MOST = 50_000;
    private static final long ON_ITS_WAY_NANOS = 60_000_000_000L;

    private final Map<SiteRecord.Key, Long> acknowledged = new LinkedHashMap<>();
    private final Map<SiteRecord.Run, Long> receipted = new LinkedHashMap<>();
    private String store = "";

    /** The next hop has it. */
    void acknowledged(SiteRecord.Key key, long ticks) {
        acknowledged.put(key, ticks);
        bound(acknowledged);
    }

    /** The SaaS has it for good. Another store than before may have less than that one had: all is forgotten. */
    void receipted(SiteReceipt receipt) {
        if (!store.isEmpty() && !receipt.store().equals(store)) {
            forget();
        }
        store = receipt.store();
        receipted.merge(receipt.run(), receipt.through(), Math::max);
        bound(receipted);
    }

    /** Whether it need not go up again. */
    Answer ask(SiteRecord.Key key, long ticks) {
        Long since = acknowledged.get(key);
        if (since == null) {
            return Answer.NEW;
        }
        if (receipted.getOrDefault(key.run(), 0L) >= key.through()) {
            return Answer.STORED;
        }
        return ticks - since < ON_ITS_WAY_NANOS ? Answer.ON_ITS_WAY : Answer.NEW;
    }

    /** Another uplink: what was acknowledged before may be gone with it. */
    void forget() {
        acknowledged.clear();
        receipted.clear();
    }

    private static void bound(Map<?, Long> map) {
        if (map.size() > MOST) {
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
