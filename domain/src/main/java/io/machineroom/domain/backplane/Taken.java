package io.machineroom.domain.backplane;

/** What became of one arrival. */
public enum Taken {
    /** Stored for good just now. */
    STORED,
    /** Was stored before; the receipt is given again. */
    KNOWN,
    /** Numbers before it are missing; it is kept in memory for a while and should come again all the same. */
    HELD,
    /** Numbers before it are missing and it is not kept, or was before; the node sends it again. */
    AHEAD;

    /** Whether it is stored for good. */
    boolean done() {
        return this == STORED || this == KNOWN;
    }
}
