/** Connections to the other side. */
@NullMarked
package io.machineroom.ports.transport;

import org.jspecify.annotations.NullMarked;
