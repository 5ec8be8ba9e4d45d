/** The configuration file of the stand-alone replicator. */
@NullMarked
package io.machineroom.domain.replication.config;

import org.jspecify.annotations.NullMarked;
