/** Where everything meets: the front door, its commands and the plan of wires. */
@NullMarked
package io.machineroom.app;

import org.jspecify.annotations.NullMarked;
