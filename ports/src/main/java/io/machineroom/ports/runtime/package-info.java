/** Time, tasks, randomness and metrics. */
@NullMarked
package io.machineroom.ports.runtime;

import org.jspecify.annotations.NullMarked;
