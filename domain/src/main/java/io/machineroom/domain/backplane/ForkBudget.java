package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Meter;

/**
 * How many ids of forks the nodes of one partition may have remembered together. Where there is no room the fork
 * is stored all the same, and once more each time it comes. Belongs to the task of its partition.
 */
final class ForkBudget {
    private final int most;
    private final Meter meter;
    private int used;

    ForkBudget(int most, Meter meter) {
        this.most = most;
        this.meter = meter;
    }

    boolean take() {
        boolean room = used < most;
        used += room ? 1 : 0;
        return room;
    }

    void giveBack(int count) {
        used -= count;
    }

    void miss() {
        meter.count("mr_backplane_fork_ids_forgotten_total", 1);
    }

    int used() {
        return used;
    }
}
