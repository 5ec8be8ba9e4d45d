package io.machineroom.chronicle;

import java.nio.file.Path;

/** Is told of what a store is about to sync. */
@FunctionalInterface
interface Syncing {
    /**
     * Just before it.
     *
     * @param file file or directory
     * @param from first byte
     * @param to behind the last one; {@link Long#MAX_VALUE} for all there is
     */
    void before(Path file, long from, long to);
}
