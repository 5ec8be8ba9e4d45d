/** What the house asks of the world. Depends on the JDK only; an integrator compiles against this. */
@NullMarked
package io.machineroom.ports;

import org.jspecify.annotations.NullMarked;
