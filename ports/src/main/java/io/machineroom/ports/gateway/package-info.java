/** The HTTPS end of a backplane. */
@NullMarked
package io.machineroom.ports.gateway;

import org.jspecify.annotations.NullMarked;
