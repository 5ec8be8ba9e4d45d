/** The only place that names {@code java.net.http}. */
@NullMarked
package io.machineroom.http;

import org.jspecify.annotations.NullMarked;
