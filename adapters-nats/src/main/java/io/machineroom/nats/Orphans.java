package io.machineroom.nats;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Servers that outlived whoever started them on this directory: after a {@code kill -9} of the backplane its broker
 * goes on, holds the port and writes into the store. A server is ours if the file it was told to read is ours, which no
 * other process has on its command line; a file with a process id could be stale, or not be written yet.
 */
final class Orphans {
    static final String CONFIG = "nats-server.conf";
    private static final System.Logger LOG = System.getLogger(Orphans.class.getName());

    private final String config;

    Orphans(Path directory) {
        this.config = directory.resolve(CONFIG).toString();
    }

    /** Those that run now. */
    List<ProcessHandle> found() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    private boolean isOurs(ProcessHandle process) {
        String[] arguments = process.info().arguments().orElse(new String[0]);
        return arguments.length == 2 && arguments[0].equals("-c") && arguments[1].equals(config) && !isChild(process);
    }

    /** Our own child is no orphan: a second start beside it is a mistake, and is told as one. */
    private static boolean isChild(ProcessHandle process) {
        return process.parent()
                .filter(parent -> parent.pid() == ProcessHandle.current().pid())
                .isPresent();
    }

    /** Stops each and waits for its end: in good order within the grace, then at once. */
    void stop(Duration grace) throws InterruptedException {
        for (ProcessHandle orphan : found()) {
            LOG.log(System.Logger.Level.WARNING, "process " + orphan.pid() + " is left from an earlier run: stopped");
            orphan.destroy();
            if (!ended(orphan, grace)) {
                orphan.destroyForcibly();
                ended(orphan, grace);
            }
        }
    }

    private static boolean ended(ProcessHandle process, Duration patience) throws InterruptedException {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "still there: " + process.pid());
            return !process.isAlive();
        }
    }
}
