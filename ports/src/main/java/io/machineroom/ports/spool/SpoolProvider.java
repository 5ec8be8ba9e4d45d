package io.machineroom.ports.spool;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The door for a spool backend, found by {@link java.util.ServiceLoader}. Put a jar with a
 * {@code META-INF/services} entry into {@code lib/} and set {@code spool.provider}.
 */
public interface SpoolProvider {
    /** What {@code spool.provider} selects: lower-case letters and dashes. */
    String name();

    /**
     * Opens or creates a spool.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code spool.locked} naming the process that
     *     holds it
     * @throws io.machineroom.ports.PortException.Corrupted {@code spool.version}, {@code spool.damaged}
     * @throws io.machineroom.ports.PortException.Unavailable {@code spool.disk}
     */
    Spool open(Settings settings, TimeSource time, Entropy entropy);

    /**
     * Reads all files of a spool that nobody has open and says what is wrong with them; changes nothing. A half record
     * at the end, which the next opening cuts, is told as well.
     *
     * @return bytes read
     * @throws io.machineroom.ports.PortException.Refused {@code spool.absent} when there is no spool
     * @throws io.machineroom.ports.PortException.Unavailable {@code spool.disk}
     */
    long check(Path directory, Consumer<Finding> findings) throws InterruptedException;

    /**
     * Opens or creates an event log of a backplane in the same technology.
     *
     * @throws io.machineroom.ports.PortException as {@link #open}
     */
    EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy);

    /**
     * How to open a spool.
     *
     * @param directory made with mode 0700 when missing
     * @param bounds what may wait
     * @param maxMessageBytes largest message; default 1 MiB
     * @param reserveBytes disk space that must stay free; default 64 MiB
     * @param durability when an append counts as durable; default each batch
     */
    record Settings(Path directory, SpoolBounds bounds, int maxMessageBytes, long reserveBytes, Durability durability) {
        /** Bounds over all lanes and none for a single one. */
        public Settings(
                Path directory,
                long maxBytes,
                long maxRecords,
                int maxMessageBytes,
                long reserveBytes,
                Durability durability) {
            this(directory, SpoolBounds.of(maxBytes, maxRecords), maxMessageBytes, reserveBytes, durability);
        }

        public static Settings defaults(Path directory) {
            return new Settings(directory, SpoolBounds.defaults(), 1 << 20, 64L << 20, Durability.EACH_BATCH);
        }

        /** The same with other bounds. */
        public Settings within(SpoolBounds other) {
            return new Settings(directory, other, maxMessageBytes, reserveBytes, durability);
        }

        /** Bound of undelivered bytes over all lanes. */
        public long maxBytes() {
            return bounds.maxBytes();
        }

        /** Bound of undelivered records over all lanes. */
        public long maxRecords() {
            return bounds.maxRecords();
        }
    }

    /**
     * How to open an event log.
     *
     * @param directory made with mode 0700 when missing
     * @param maxMessageBytes largest message; default 1 MiB
     * @param reserveBytes disk space that must stay free; default 64 MiB
     */
    record LogSettings(Path directory, int maxMessageBytes, long reserveBytes) {
        public static LogSettings defaults(Path directory) {
            return new LogSettings(directory, 1 << 20, 64L << 20);
        }
    }

    /**
     * Something that is wrong with the files of a spool.
     *
     * @param file its name below the directory
     * @param offset where in the file, in bytes
     * @param what what is wrong there
     */
    record Finding(String file, long offset, String what) {}

    /** When an append returns. */
    enum Durability {
        /** After its own sync. */
        EACH_APPEND,
        /** After a sync shared with the appends that came meanwhile. */
        EACH_BATCH,
        /** After the write; the operating system syncs when it likes. Loses records in a power cut. */
        OPERATING_SYSTEM
    }
}
