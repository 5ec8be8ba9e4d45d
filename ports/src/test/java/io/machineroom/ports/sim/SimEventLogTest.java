package io.machineroom.ports.sim;

import io.machineroom.ports.contract.EventLogContract;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import java.nio.file.Path;

final class SimEventLogTest extends EventLogContract {
    private final SimStorage disk = new SimStorage(SimSpoolUnderTest::waitAsThreadsDo);

    @Override
    protected EventLog open() {
        return SimEventLog.open(disk, SpoolProvider.LogSettings.defaults(Path.of("log")), new SimEntropy(1));
    }

    @Override
    protected void kill(EventLog log) {
        disk.crash();
    }

    @Override
    protected void fillDisk(boolean full) {
        disk.fill(full);
    }
}
