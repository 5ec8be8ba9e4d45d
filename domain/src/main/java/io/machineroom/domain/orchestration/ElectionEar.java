package io.machineroom.domain.orchestration;

/**
 * Is told how an election goes. Called by the task that runs it: what takes long here keeps it from renewing, and costs
 * the lead.
 */
public interface ElectionEar {
    /** We lead from now on. */
    void won();

    /** We do not lead any more, also when the election is stopped. Comes after each {@link #won}, once. */
    void lost();

    /** A campaign ended. */
    default void campaigned(Standing standing) {}

    /** Where a member stands. */
    enum Standing {
        /** Somebody else has the key, or nobody could be asked. */
        CANDIDATE,
        /** The key is ours; a leader of before may not know yet. */
        ELECTED,
        LEADER
    }
}
