package io.machineroom.ports.kv;

/**
 * Elections among the nodes that share a NATS, for watchers and other parts of a vendor; see {@code docs/orchestration.md}.
 * Safe from any task.
 */
public interface Elections {
    /**
     * Takes part in an election as this node until the seat is closed. Returns at once. While the bucket of elections cannot
     * be used, as over HTTPS, nobody here leads, and it is tried again.
     *
     * @param election its name: letters, digits and {@code -/_=.}
     */
    Seat stand(String election);

    /** A part in an election. Safe from any task. */
    interface Seat extends AutoCloseable {
        /** Whether this node leads now; never blocks. Ask again before each step that only a leader may take. */
        boolean leads();

        /** Leaves, and gives the lead back. Returns at once; closing twice is fine. */
        @Override
        void close();
    }
}
