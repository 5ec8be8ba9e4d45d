/** From a node that nobody knows to an enrolled one, and the files that remember it. */
@NullMarked
package io.machineroom.domain.provisioning;

import org.jspecify.annotations.NullMarked;
