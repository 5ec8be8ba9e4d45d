package io.machineroom.domain.replication.copy;

/** Whether this member of a group is the one that works. Safe from any task. */
@FunctionalInterface
interface Leadership {
    boolean leading();
}
