/** The stand-alone replicator: copies streams of one NATS into another. */
@NullMarked
package io.machineroom.domain.replication.copy;

import org.jspecify.annotations.NullMarked;
