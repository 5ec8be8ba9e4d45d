package io.machineroom.chronicle;

/**
 * Where a journal ends, as far as readers may see.
 *
 * @param index last excerpt; {@link Journal#NONE} in an empty journal
 * @param ordinal epoch of the last number; 0 in a lane that never had one
 * @param last last number given in that epoch
 * @param records records ever written
 * @param bytes bytes ever written
 */
record LaneTail(long index, long ordinal, long last, long records, long bytes) {
    static LaneTail of(Journal journal) {
        ExcerptHeader head = journal.lastAtOpening();
        return head == null
                ? new LaneTail(Journal.NONE, 0, 0, 0, 0)
                : new LaneTail(journal.published(), head.ordinal(), head.last(), head.records(), head.bytes());
    }

    /** The next number in an epoch. */
    long next(long epoch) {
        return lastIn(epoch) + 1;
    }

    /** The last number given in an epoch; 0 for none. */
    long lastIn(long epoch) {
        return ordinal == epoch ? last : 0;
    }
}
