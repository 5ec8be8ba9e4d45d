package io.machineroom.ports.sim;

import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.contract.SpoolUnderTest;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A simulated spool outside of any simulation: it waits as threads do. */
final class SimSpoolUnderTest implements SpoolUnderTest {
    private static final Path DIRECTORY = Path.of("spool");

    private final SimStorage disk = new SimStorage(SimSpoolUnderTest::waitAsThreadsDo);
    private final ShiftedTime time = new ShiftedTime();
    private final SimEntropy entropy = new SimEntropy(42);

    /** Looks again every millisecond. */
    static boolean waitAsThreadsDo(String what, BooleanSupplier condition, Duration limit) throws InterruptedException {
        Object monitor = new Object();
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            synchronized (monitor) {
                monitor.wait(1);
            }
        }
        return true;
    }

    @Override
    public ShiftedTime time() {
        return time;
    }

    @Override
    public SpoolProvider.Settings settings() {
        return new SpoolProvider.Settings(
                DIRECTORY, 16 << 20, 100_000, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH);
    }

    @Override
    public Spool open(SpoolProvider.Settings settings) {
        return SimSpool.open(disk, settings, time, entropy);
    }

    @Override
    public List<SpoolProvider.Finding> check() {
        return SimSpool.check(disk, DIRECTORY, entropy);
    }

    @Override
    public void kill(Spool spool) {
        disk.crash();
    }

    @Override
    public void tearTail() {
        disk.tearTails();
    }

    @Override
    public void damage(String body) {
        disk.spool(DIRECTORY, entropy).damage(body);
    }

    @Override
    public void otherVersion() {
        disk.spool(DIRECTORY, entropy).claimOtherVersion();
    }

    @Override
    public void fillDisk(boolean full) {
        disk.fill(full);
    }
}
