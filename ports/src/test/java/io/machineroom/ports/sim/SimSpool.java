package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.spool.kit.StoredSpool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** A spool of the kit that lives on a {@link SimStorage} and dies with its crash. */
public final class SimSpool implements Spool {
    private final SimStorage disk;
    private final StoredSpool stored;

    private SimSpool(SimStorage disk, StoredSpool stored) {
        this.disk = disk;
        this.stored = stored;
    }

    /** Opens the spool of that directory on the disk, as a provider does. */
    public static SimSpool open(SimStorage disk, Settings settings, TimeSource time, Entropy entropy) {
        return new SimSpool(disk, disk.spool(settings.directory(), entropy).open(settings, time, entropy));
    }

    /** Looks at the spool of that directory, as a provider does. */
    public static List<SpoolProvider.Finding> check(SimStorage disk, Path directory, Entropy entropy) {
        return disk.spool(directory, entropy).check();
    }

    @Override
    public Epoch epoch() {
        return stored.epoch();
    }

    /** The sync comes first: until it is over, a crash takes the records away and nobody reads them. */
    @Override
    public List<Appended> append(Lane lane, List<Message> messages) throws InterruptedException {
        disk.sync();
        return stored.append(lane, messages);
    }

    @Override
    public Appended skip(Lane lane, long count, String cause) throws InterruptedException {
        disk.sync();
        return stored.skip(lane, count, cause);
    }

    @Override
    public Source source(String reader) {
        return stored.source(reader);
    }

    @Override
    public Stats stats() {
        return stored.stats();
    }

    @Override
    public Stats stats(Lane lane) {
        return stored.stats(lane);
    }

    @Override
    public void walk(Predicate<Delivery> visitor) {
        stored.walk(visitor);
    }

    @Override
    public void trim() {
        stored.trim();
    }

    @Override
    public void close() {
        stored.close();
    }
}
