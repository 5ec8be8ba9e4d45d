package io.machineroom.ports.spool.kit;

import java.util.List;

/** Messages that wait, or that more than may wait. */
record Load(long records, long bytes) {
    static final Load NONE = new Load(0, 0);

    static Load of(Entry message) {
        return new Load(1, message.bytes());
    }

    static Load of(List<Load> messages) {
        return messages.stream().reduce(NONE, Load::plus);
    }

    Load plus(Load more) {
        return new Load(records + more.records, bytes + more.bytes);
    }

    Load minus(Load less) {
        return new Load(records - less.records, bytes - less.bytes);
    }

    boolean fits(long maxRecords, long maxBytes) {
        return records <= maxRecords && bytes <= maxBytes;
    }
}
