/** The gateway of a site: passes on what followers ask, and keeps the artifacts that they fetch. */
@NullMarked
package io.machineroom.domain.replication.relay;

import org.jspecify.annotations.NullMarked;
