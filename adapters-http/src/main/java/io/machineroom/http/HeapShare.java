package io.machineroom.http;

/**
 * How many connections a heap bears. A process that takes more than fit dies of it, with all that it does besides: a leader
 * whose followers all come at once has a heap of 48 MB.
 *
 * @param heapBytes most bytes of the heap
 */
record HeapShare(long heapBytes) {
    /** An open TLS connection of the JDK's server holds 87 KiB, measured; the rest is for the request on it. */
    private static final long CONNECTION_BYTES = 128 << 10;

    private static final int LEAST = 32;

    static HeapShare ofThisProcess() {
        return new HeapShare(Runtime.getRuntime().maxMemory());
    }

    /** Requests that a server answers at once: a third of the heap. */
    int requests() {
        return Math.clamp(heapBytes / 3 / CONNECTION_BYTES, LEAST, 1 << 16);
    }

    /** Connections of a server, idle ones included. */
    int connections() {
        return requests() + requests() / 4;
    }

    /** Requests that are passed on at once; each needs a connection more. */
    int passedOn() {
        return requests() / 4;
    }
}
