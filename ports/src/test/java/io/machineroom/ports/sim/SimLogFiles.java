package io.machineroom.ports.sim;

import io.machineroom.ports.store.EventLog.Entry;
import io.machineroom.ports.store.EventLog.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a simulated event log has on its disk. Guarded by itself. */
final class SimLogFiles {
    final String storeId;
    final List<Entry> entries = new ArrayList<>();
    long first;
    long synced;

    @Nullable Snapshot snapshot;

    private boolean held;
    private boolean torn;

    SimLogFiles(String storeId) {
        this.storeId = storeId;
    }

    synchronized long end() {
        return first + entries.size();
    }

    synchronized void loseUnsynced() {
        held = false;
        while (end() > synced) {
            entries.removeLast();
        }
    }

    /** The torn half is never read: the next opening cuts it. */
    synchronized void tear() {
        torn = true;
    }

    /** Whether nobody had it; cuts a torn tail. */
    synchronized boolean hold() {
        boolean free = !held;
        held = true;
        torn = torn && !free;
        return free;
    }

    synchronized void letGo() {
        held = false;
    }
}
