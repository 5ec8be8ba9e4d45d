package io.machineroom.chronicle;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Spools and event logs on Chronicle Queue, selected by the name {@code chronicle}.
 *
 * <p>Sets, where nobody did, the system properties {@code chronicle.analytics.disable}, {@code
 * chronicle.announcer.disable} and {@code chronicle.disk.monitor.disable}, and the levels of the loggers {@code
 * net.openhft} (warning) and {@code net.openhft.affinity} (severe): the library shall neither phone nor chatter.
 */
public final class ChronicleSpoolProvider implements SpoolProvider {
    private static final Logger LIBRARY = Logger.getLogger("net.openhft");
    private static final Logger AFFINITY = Logger.getLogger("net.openhft.affinity");

    private final @Nullable LongSupplier free;
    private final Syncing syncing;

    public ChronicleSpoolProvider() {
        this(null, (_, _, _) -> {});
    }

    /** With another word on how much room the disk has. For tests. */
    ChronicleSpoolProvider(LongSupplier free) {
        this(free, (_, _, _) -> {});
    }

    private ChronicleSpoolProvider(@Nullable LongSupplier free, Syncing syncing) {
        this.free = free;
        this.syncing = syncing;
    }

    /** That tells of each file and directory just before it is synced. For tests. */
    static ChronicleSpoolProvider watched(Syncing syncing) {
        return new ChronicleSpoolProvider(null, syncing);
    }

    @Override
    public String name() {
        return "chronicle";
    }

    @Override
    public Spool open(Settings settings, TimeSource time, Entropy entropy) {
        silence();
        Disk disk = disk("spool", settings.directory());
        StoreDirectory directory = StoreDirectory.open(settings.directory(), disk, entropy);
        boolean open = false;
        try {
            Spool spool = new ChronicleSpool(directory, disk, settings, time, entropy);
            open = true;
            return spool;
        } finally {
            if (!open) {
                directory.close();
            }
        }
    }

    @Override
    public long check(Path directory, Consumer<Finding> findings) throws InterruptedException {
        return new FilesCheck(directory, disk("spool", directory), findings).run();
    }

    @Override
    public EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy) {
        silence();
        Disk disk = disk("log", settings.directory());
        StoreDirectory directory = StoreDirectory.open(settings.directory(), disk, entropy);
        boolean open = false;
        try {
            EventLog log = new ChronicleEventLog(directory, disk, settings, time);
            open = true;
            return log;
        } finally {
            if (!open) {
                directory.close();
            }
        }
    }

    private Disk disk(String kind, Path directory) {
        LongSupplier other = free;
        return new Disk(kind, other == null ? Disk.of(kind, directory).free() : other, syncing);
    }

    private static void silence() {
        for (String name : new String[] {"analytics", "announcer", "disk.monitor"}) {
            System.getProperties().putIfAbsent("chronicle." + name + ".disable", "true");
        }
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.WARNING);
        }
        if (AFFINITY.getLevel() == null) {
            AFFINITY.setLevel(Level.SEVERE);
        }
    }
}
