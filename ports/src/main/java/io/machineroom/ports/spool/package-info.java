/** The disk queue of a node and the door for other backends. */
@NullMarked
package io.machineroom.ports.spool;

import org.jspecify.annotations.NullMarked;
