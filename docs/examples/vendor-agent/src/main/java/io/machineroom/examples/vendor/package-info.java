/** A vendor's whole agent. */
@NullMarked
package io.machineroom.examples.vendor;

import org.jspecify.annotations.NullMarked;
