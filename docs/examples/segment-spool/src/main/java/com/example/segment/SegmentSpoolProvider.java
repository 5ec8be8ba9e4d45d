package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Put the jar into {@code lib/} and set {@code spool.provider = segment}. */
public final class SegmentSpoolProvider implements SpoolProvider {
    private final Optional<LongSupplier> free;

    public SegmentSpoolProvider() {
        this.free = Optional.empty();
    }

    /** With another word on how much room the disk has. For tests. */
    SegmentSpoolProvider(LongSupplier free) {
        this.free = Optional.of(free);
    }

    @Override
    public String name() {
        return "segment";
    }

    @Override
    public Spool open(Settings settings, TimeSource time, Entropy entropy) {
        Store store = Store.open(settings.directory(), entropy);
        boolean open = false;
        try {
            LongSupplier room = free.orElse(() -> settings.directory().toFile().getUsableSpace());
            Spool spool = new SegmentSpool(store, settings, time, entropy, room);
            open = true;
            return spool;
        } finally {
            if (!open) {
                store.close();
            }
        }
    }

    @Override
    public long check(Path directory, Consumer<Finding> findings) {
        return FilesCheck.run(directory, findings);
    }

    @Override
    public EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy) {
        throw new PortException.Refused("log.unsupported", "this spool has no event log; a backplane needs chronicle");
    }
}
