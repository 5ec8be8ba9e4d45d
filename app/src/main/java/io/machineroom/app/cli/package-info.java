/** Commands of the agent. */
@NullMarked
package io.machineroom.app.cli;

import org.jspecify.annotations.NullMarked;
