/** The only place that names {@code net.openhft}. */
@NullMarked
package io.machineroom.chronicle;

import org.jspecify.annotations.NullMarked;
