/** The rules of the house, as a jar that other builds can run. */
@NullMarked
package io.machineroom.architecture;

import org.jspecify.annotations.NullMarked;
