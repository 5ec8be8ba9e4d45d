package io.machineroom.domain.backplane;

/** What became of one arrival. */
public enum Taken {
    /** Stored for good just now. */
    STORED,
    /** Was stored before; the receipt is given again. */
    KNOWN,
    /** Numbers before it are missing; it is not stored and must come again. */
    AHEAD
}
