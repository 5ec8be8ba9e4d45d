/** Events and their encodings. */
@NullMarked
package io.machineroom.ports.event;

import org.jspecify.annotations.NullMarked;
