/** Streams of a NATS that is not ours: what the stand-alone replicator reads and writes. */
@NullMarked
package io.machineroom.ports.replica;

import org.jspecify.annotations.NullMarked;
