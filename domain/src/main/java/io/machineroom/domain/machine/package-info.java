/** Machines: their definitions, their states, and the host that runs them. */
@NullMarked
package io.machineroom.domain.machine;

import org.jspecify.annotations.NullMarked;
