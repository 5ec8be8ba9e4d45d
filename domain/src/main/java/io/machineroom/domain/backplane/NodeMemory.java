package io.machineroom.domain.backplane;

/**
 * What is kept of one node beyond its marks: records that came too early, and the ids of forks. Every track of
 * the node counts here, so that no way of losing a track can lose count. Belongs to the task of its partition.
 */
final class NodeMemory {
    private final NodeHistory.Limits limits;
    private final ForkBudget budget;
    private int heldRecords;
    private long heldBytes;
    private int forkIds;

    NodeMemory(NodeHistory.Limits limits, ForkBudget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    /** Whether one more may be held. */
    boolean hasRoomFor(Arrived arrived) {
        return heldRecords < limits.heldRecords() && heldBytes + arrived.weight() <= limits.heldBytes();
    }

    void held(Arrived arrived) {
        heldRecords++;
        heldBytes += arrived.weight();
    }

    void letGo(Arrived arrived) {
        heldRecords--;
        heldBytes -= arrived.weight();
    }

    int heldRecords() {
        return heldRecords;
    }

    long heldBytes() {
        return heldBytes;
    }

    /** Whether one more id of a fork may be remembered; counted when it may. */
    boolean remembersFork() {
        boolean room = forkIds < limits.forkIds() && budget.take();
        forkIds += room ? 1 : 0;
        return room;
    }

    /** Ids of forks that are remembered no longer. */
    void forgetsForks(int count) {
        forkIds -= count;
        budget.giveBack(count);
    }

    /** An id that would have been remembered if there were room. */
    void missesFork() {
        budget.miss();
    }

    int forkIds() {
        return forkIds;
    }
}
