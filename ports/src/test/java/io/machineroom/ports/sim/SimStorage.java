package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.kit.Ledger;
import io.machineroom.ports.stream.Stamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The disk under the simulated spools and logs of one node, with its faults: {@link #crash} keeps what was synced,
 * {@link #tearTails} leaves half a record behind it, {@link #fill} lets it be full, {@link #syncTakes} lets a sync last.
 * What lies on it survives the spools that wrote it.
 */
public final class SimStorage {
    private final Waits waits;
    private final Map<Path, SimSpoolFiles> spools = new LinkedHashMap<>();
    private final Map<Path, SimLogFiles> logs = new LinkedHashMap<>();
    private Duration syncTime = Duration.ZERO;
    private boolean full;
    private int generation;

    /** How a simulated store waits; {@code SimTasks::await} inside a simulation. */
    public interface Waits {
        /** Waits until the condition holds; false when it did not within the time. */
        boolean await(String what, BooleanSupplier condition, Duration limit) throws InterruptedException;

        /** Something changed that a condition may wait for. */
        default void changed() {}
    }

    public SimStorage(Waits waits) {
        this.waits = waits;
    }

    /** The power fails: what was not synced is gone, and the stores that were open are no more. */
    public synchronized void crash() {
        generation++;
        spools.values().forEach(SimSpoolFiles::crash);
        logs.values().forEach(SimLogFiles::loseUnsynced);
        changed();
    }

    /** Half a record lies behind the last one of every lane and log; the next opening cuts and counts it. */
    public synchronized void tearTails() {
        spools.values().forEach(SimSpoolFiles::tear);
        logs.values().forEach(SimLogFiles::tear);
    }

    /** Lets the disk be full, or not any more. */
    public synchronized void fill(boolean now) {
        full = now;
    }

    /** Lets every sync last that long; until it is over a crash takes the records away. */
    public synchronized void syncTakes(Duration time) {
        syncTime = time;
    }

    /** The directory is gone with what was in it; a store that is open there is no more. */
    public synchronized void delete(Path directory) {
        generation++;
        spools.values().forEach(SimSpoolFiles::crash);
        spools.remove(directory);
        logs.remove(directory);
        logs.values().forEach(SimLogFiles::letGo);
        changed();
    }

    /** Turns a few bits of one record that is synced in a spool, drawn from the number; whether there was one. */
    public synchronized Optional<Damaged> flipBits(long choice) {
        List<SimSpoolFiles> all = List.copyOf(spools.values());
        return all.isEmpty() ? Optional.empty() : all.getFirst().flip(choice);
    }

    /** A record that cannot be read any more. */
    public record Damaged(Stamp stamp, String id) {}

    /** Takes the spools as the other disk has them: a snapshot brought back, or a machine cloned. */
    public synchronized void becomes(SimStorage other) {
        generation++;
        spools.values().forEach(SimSpoolFiles::crash);
        spools.clear();
        other.spools.forEach((directory, files) -> spools.put(directory, files.copy(this)));
        changed();
    }

    /** The files of the spool in a directory; for what a test does to them. */
    synchronized SimSpoolFiles spool(Path directory, Entropy entropy) {
        return spools.computeIfAbsent(directory, _ -> new SimSpoolFiles(this, new Ledger(entropy.hex(16))));
    }

    synchronized SimLogFiles log(SpoolProvider.LogSettings settings, Entropy entropy) {
        return logs.computeIfAbsent(settings.directory(), _ -> new SimLogFiles(entropy.hex(16)));
    }

    synchronized boolean isFull() {
        return full;
    }

    synchronized int generation() {
        return generation;
    }

    /** Lasts as long as a sync does; outside of any lock. */
    void sync() throws InterruptedException {
        Duration time;
        synchronized (this) {
            time = syncTime;
        }
        if (!time.isZero()) {
            waits.await("sync", () -> false, time);
        }
    }

    void changed() {
        waits.changed();
    }

    boolean await(String what, BooleanSupplier condition, Duration limit) throws InterruptedException {
        return waits.await(what, condition, limit);
    }
}
