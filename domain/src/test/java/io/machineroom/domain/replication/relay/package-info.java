/** Tests of a site's gateway. */
@NullMarked
package io.machineroom.domain.replication.relay;

import org.jspecify.annotations.NullMarked;
