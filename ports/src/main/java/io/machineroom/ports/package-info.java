/**
 * The contract of the house: interfaces, records and enums that every other module is written
 * against. Nothing here needs more than {@code java.base}.
 */
@NullMarked
package io.machineroom.ports;

import org.jspecify.annotations.NullMarked;
