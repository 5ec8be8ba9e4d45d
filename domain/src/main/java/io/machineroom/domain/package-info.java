/** Every decision of the agent and the backplane, behind ports. */
@NullMarked
package io.machineroom.domain;

import org.jspecify.annotations.NullMarked;
