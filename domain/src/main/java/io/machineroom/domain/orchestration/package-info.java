/** What nodes do together: at most so many at once, one of many leads, shared keys. */
@NullMarked
package io.machineroom.domain.orchestration;

import org.jspecify.annotations.NullMarked;
