/** Keeping services running, and stopping them in order. */
@NullMarked
package io.machineroom.domain.supervision;

import org.jspecify.annotations.NullMarked;
