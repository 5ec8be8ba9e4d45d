/** The demonstration: a vendor, a customer and a broken network, all on this machine. */
@NullMarked
package io.machineroom.examples.demo;

import org.jspecify.annotations.NullMarked;
