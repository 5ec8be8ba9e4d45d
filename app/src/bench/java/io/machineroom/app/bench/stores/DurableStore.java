package io.machineroom.app.bench.stores;

/** Something that keeps events; made anew in an empty folder for each run. Appending is safe from any thread. */
interface DurableStore {
    /** Returns when the event is durable, as far as the store promises that at all. */
    void append(byte[] body) throws Exception;

    /** Reads all that was appended, from the oldest on, and returns how many there were. */
    long readAll() throws Exception;

    /** Ends it. */
    void end() throws Exception;
}
