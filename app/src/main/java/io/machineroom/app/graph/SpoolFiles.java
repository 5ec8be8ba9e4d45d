package io.machineroom.app.graph;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Finding;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** The spool of an agent that does not run, for the {@code spool} commands. */
public interface SpoolFiles {
    /** Where the configuration has it. */
    Path directory();

    /**
     * Opens the spool, as an agent does; one that starts meanwhile is refused.
     *
     * @param other another directory than that of the configuration
     * @throws io.machineroom.ports.PortException as {@link io.machineroom.ports.spool.SpoolProvider#open}, and
     *     {@code spool.absent}
     */
    Spool open(Optional<Path> other);

    /** Looks for damage, as {@link io.machineroom.ports.spool.SpoolProvider#check} does. */
    long check(Optional<Path> other, Consumer<Finding> findings) throws InterruptedException;

    /** The storage directory, with parked events. */
    FileTree storage();
}
