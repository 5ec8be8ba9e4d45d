/** A door for measurements into what a site does; never part of the product. */
@NullMarked
package io.machineroom.domain.replication;

import org.jspecify.annotations.NullMarked;
