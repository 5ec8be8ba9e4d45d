/** A vendor's whole agent. */
@org.jspecify.annotations.NullMarked
package io.machineroom.examples.vendor;
