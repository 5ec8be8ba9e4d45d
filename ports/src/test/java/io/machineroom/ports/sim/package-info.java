/** The simulation: every port played in memory, in virtual time, the same way for the same seed. */
@NullMarked
package io.machineroom.ports.sim;

import org.jspecify.annotations.NullMarked;
