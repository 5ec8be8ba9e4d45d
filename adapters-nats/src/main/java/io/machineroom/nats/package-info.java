/** The only place that names {@code io.nats}. */
@NullMarked
package io.machineroom.nats;

import org.jspecify.annotations.NullMarked;
