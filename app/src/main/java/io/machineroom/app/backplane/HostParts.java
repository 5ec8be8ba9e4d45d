package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Equipment;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;

/** The machine of a backplane, before its event log is opened. */
record HostParts(
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        Meter meter,
        JsonFormat json,
        FileTree files,
        HostFiles hostFiles) {
    /** Twice what gateway and broker let in: one event must never be what the log cannot take. */
    private static final int MAX_MESSAGE = 2 << 20;

    private static final long RESERVE = 64L << 20;

    /** Opens the event log and adds it. */
    Equipment.Host withLog(SpoolProvider provider) {
        EventLog log =
                provider.openLog(new SpoolProvider.LogSettings(files.path("log"), MAX_MESSAGE, RESERVE), time, entropy);
        return new Equipment.Host(tasks, time, entropy, meter, json, files, hostFiles, log);
    }
}
