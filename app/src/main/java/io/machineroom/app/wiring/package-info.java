/** The plan of wires: what every object gets. Seen by the front door only. */
@NullMarked
package io.machineroom.app.wiring;

import org.jspecify.annotations.NullMarked;
