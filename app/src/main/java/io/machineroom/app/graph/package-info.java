/** What a wiring offers to the commands; a vendor's own component offers the same. */
@NullMarked
package io.machineroom.app.graph;

import org.jspecify.annotations.NullMarked;
