/** Moving messages: the pump, its receipts, the link that is kept, backing off. */
@NullMarked
package io.machineroom.domain.flow;

import org.jspecify.annotations.NullMarked;
