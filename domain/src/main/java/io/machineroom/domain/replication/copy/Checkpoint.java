package io.machineroom.domain.replication.copy;

import java.time.Instant;

/**
 * How far a copy got.
 *
 * @param created when the source stream was made; another one is another stream
 * @param number of the newest message that is dealt with
 */
record Checkpoint(Instant created, long number) {}
