/** The node as a whole: what it decides at its start, what it runs, and how it stops. */
@NullMarked
package io.machineroom.domain.agent;

import org.jspecify.annotations.NullMarked;
