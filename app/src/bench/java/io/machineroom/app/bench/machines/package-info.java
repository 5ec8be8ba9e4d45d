/** What the engine of machines costs: a measuring program, never on the agent's class path. */
@NullMarked
package io.machineroom.app.bench.machines;

import org.jspecify.annotations.NullMarked;
