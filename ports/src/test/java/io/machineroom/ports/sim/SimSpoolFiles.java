package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.spool.kit.Entry;
import io.machineroom.ports.spool.kit.Ledger;
import io.machineroom.ports.spool.kit.SpoolStore;
import io.machineroom.ports.spool.kit.StoredSpool;
import io.machineroom.ports.spool.kit.Turns;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a simulated spool has on its disk, and the spool that holds it. Guarded by itself. */
final class SimSpoolFiles implements SpoolStore, Turns {
    private static final long TORN = 100;

    private final SimStorage disk;
    private final Map<Lane, SimLaneFiles> lanes = new EnumMap<>(Lane.class);
    private Ledger saved;
    private Optional<StoredSpool> holder = Optional.empty();
    private boolean otherVersion;
    private long torn;

    SimSpoolFiles(SimStorage disk, Ledger saved) {
        this.disk = disk;
        this.saved = saved;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new SimLaneFiles());
        }
    }

    synchronized StoredSpool open(Settings settings, TimeSource time, Entropy entropy) {
        if (otherVersion) {
            throw new PortException.Corrupted("spool.version", settings.directory() + " is of another version");
        }
        if (holder.isPresent()) {
            throw new PortException.Refused("spool.locked", settings.directory() + " is held by this simulation");
        }
        lane(Lane.NORMAL).cut(torn);
        torn = 0;
        StoredSpool spool = new StoredSpool(this, settings, time::ticks, entropy.hex(16), this);
        holder = Optional.of(spool);
        return spool;
    }

    @Override
    public Ledger ledger() {
        return saved.copy();
    }

    @Override
    public void save(Ledger ledger) {
        saved = ledger.copy();
    }

    @Override
    public SimLaneFiles lane(Lane lane) {
        return Optional.ofNullable(lanes.get(lane)).orElseThrow();
    }

    @Override
    public long freeBytes() {
        return disk.isFull() ? 0 : Long.MAX_VALUE;
    }

    @Override
    public void close() {
        holder = Optional.empty();
    }

    @Override
    public synchronized <T> T alone(Supplier<T> work) {
        return work.get();
    }

    @Override
    public void await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        disk.await("records", () -> alone(condition::getAsBoolean), limit);
    }

    @Override
    public void changed() {
        disk.changed();
    }

    /** Whoever held it is dead. */
    synchronized void crash() {
        holder.ifPresent(StoredSpool::abandon);
    }

    synchronized void tear() {
        torn += TORN;
    }

    synchronized void claimOtherVersion() {
        otherVersion = true;
    }

    /** What a look at the files finds. */
    synchronized List<SpoolProvider.Finding> check() {
        List<SpoolProvider.Finding> found = new ArrayList<>();
        lanes.forEach((lane, of) -> {
            for (long i = 0; i < of.damaged(); i++) {
                found.add(new SpoolProvider.Finding(lane.wireName(), i, "a damaged record"));
            }
        });
        if (torn > 0) {
            found.add(new SpoolProvider.Finding("", 0, "a torn tail"));
        }
        return found;
    }

    /** Spoils the record with that body. */
    synchronized void damage(String body) {
        for (SimLaneFiles lane : lanes.values()) {
            for (Entry entry : lane.records()) {
                entry.message()
                        .filter(m -> new String(m.bytes(), StandardCharsets.UTF_8).equals(body))
                        .ifPresent(_ -> lane.damage(entry));
            }
        }
    }

    /** Spoils one message, if there is one that somebody is not done with. */
    synchronized Optional<SimStorage.Damaged> flip(long choice) {
        for (Lane lane : Lane.values()) {
            List<Entry> all = new ArrayList<>();
            for (Entry entry : lane(lane).records()) {
                if (!entry.isVoid()
                        && entry.through() > saved.done(lane, entry.from().epoch())) {
                    all.add(entry);
                }
            }
            if (!all.isEmpty()) {
                Entry hit = all.get((int) Math.floorMod(choice, (long) all.size()));
                lane(lane).damage(hit);
                Stamp stamp = Stamp.message(
                        saved.epoch(hit.from().epoch()), null, lane, hit.from().number());
                return hit.message().map(message -> new SimStorage.Damaged(stamp, message.id()));
            }
        }
        return Optional.empty();
    }

    /** The same on another disk, as after a power cut: held by nobody. */
    synchronized SimSpoolFiles copy(SimStorage other) {
        SimSpoolFiles copy = new SimSpoolFiles(other, saved.copy());
        lanes.forEach((lane, of) -> copy.lanes.put(lane, of.copy()));
        return copy;
    }
}
