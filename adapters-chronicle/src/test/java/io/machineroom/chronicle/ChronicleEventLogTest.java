package io.machineroom.chronicle;

import io.machineroom.ports.contract.EventLogContract;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleEventLogTest extends EventLogContract {
    @TempDir
    private Path directory;

    private final AtomicBoolean full = new AtomicBoolean();

    @Override
    protected EventLog open() {
        return new ChronicleSpoolProvider(() -> full.get() ? 1 << 20 : 1L << 40)
                .openLog(
                        SpoolProvider.LogSettings.defaults(directory.resolve("log")),
                        new RealTime(),
                        new RealEntropy());
    }

    @Override
    protected void kill(EventLog log) {
        ((ChronicleEventLog) log).abandon();
    }

    @Override
    protected void fillDisk(boolean now) {
        full.set(now);
    }
}
