package io.machineroom.domain.flow;

import io.machineroom.ports.transport.Link;
import java.util.Optional;

/** Where a pump gets its link from, and whom it tells how the link does. */
public interface LinkSupply {
    /** The link to use now; empty while there is none. Safe from any task. */
    Optional<Held> current();

    /** The link took something, or could not. Never blocks; safe from any task. */
    void report(Held held, boolean worked);

    /** The pump has let go of the link; it may be closed. Never blocks. */
    void release(Held held);

    /**
     * A link of the supply.
     *
     * @param generation counts links from 1; another number is another link
     * @param way its name
     * @param link the link
     */
    record Held(long generation, String way, Link link) {}
}
