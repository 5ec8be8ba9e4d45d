package io.machineroom.domain.spooling;

import io.machineroom.ports.spool.Spool;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one spool of a node, opened by one task and used by several. A disk that refuses at the start does
 * not keep machines from healing: the outbox opens it later. Opening and closing is one task's business;
 * {@link #current()} is safe from any task.
 */
public final class SharedSpool {
    private final Supplier<Spool> opener;
    private volatile @Nullable Spool spool;

    /**
     * A spool to be opened.
     *
     * @param opener opens it; throws as {@link io.machineroom.ports.spool.SpoolProvider#open}
     */
    public SharedSpool(Supplier<Spool> opener) {
        this.opener = opener;
    }

    /** Opens it when it is not open yet. */
    public Spool open() {
        Spool now = spool;
        if (now == null) {
            now = opener.get();
            spool = now;
        }
        return now;
    }

    public Optional<Spool> current() {
        return Optional.ofNullable(spool);
    }

    /** Syncs and lets go. */
    public void close() {
        Spool now = spool;
        spool = null;
        if (now != null) {
            now.close();
        }
    }
}
