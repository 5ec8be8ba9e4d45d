package io.machineroom.chronicle;

/** So many records of so many bytes. */
record Load(long records, long bytes) {
    static final Load NONE = new Load(0, 0);

    Load plus(Load more) {
        return new Load(records + more.records, bytes + more.bytes);
    }

    /** What is over, in each dimension at least nothing. */
    Load over(long maxRecords, long maxBytes) {
        return new Load(Math.max(0, records - maxRecords), Math.max(0, bytes - maxBytes));
    }

    /** The larger of each dimension. */
    Load max(Load other) {
        return new Load(Math.max(records, other.records), Math.max(bytes, other.bytes));
    }

    boolean isNone() {
        return records == 0 && bytes == 0;
    }
}
