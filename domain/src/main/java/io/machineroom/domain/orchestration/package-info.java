/** What nodes do together: at most so many at once. */
@NullMarked
package io.machineroom.domain.orchestration;

import org.jspecify.annotations.NullMarked;
