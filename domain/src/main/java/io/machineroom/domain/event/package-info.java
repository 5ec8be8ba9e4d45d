/** The events that the product publishes, and how they are addressed. */
@NullMarked
package io.machineroom.domain.event;

import org.jspecify.annotations.NullMarked;
