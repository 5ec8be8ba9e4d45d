/**
 * What every spool has to keep in its books, so that an integrator writes the files only: numbers, epochs, marks, bounds,
 * voids. {@link io.machineroom.ports.spool.kit.StoredSpool} is the spool; {@code SpoolStore}, {@code LaneStore} and {@code
 * Turns} are what it asks for. No files, threads, locks or clocks in here.
 */
@NullMarked
package io.machineroom.ports.spool.kit;

import org.jspecify.annotations.NullMarked;
