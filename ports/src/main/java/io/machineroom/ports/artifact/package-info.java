/** Files from URLs. */
@NullMarked
package io.machineroom.ports.artifact;

import org.jspecify.annotations.NullMarked;
