/** The backplane's own durable log. */
@NullMarked
package io.machineroom.ports.store;

import org.jspecify.annotations.NullMarked;
