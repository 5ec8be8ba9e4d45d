/** The commands of the vendor's side, with a component of their own. */
@NullMarked
package io.machineroom.app.backplane;

import org.jspecify.annotations.NullMarked;
