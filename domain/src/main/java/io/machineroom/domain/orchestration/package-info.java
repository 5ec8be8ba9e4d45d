/** Working together through a NATS: elections and buckets. */
@NullMarked
package io.machineroom.domain.orchestration;

import org.jspecify.annotations.NullMarked;
