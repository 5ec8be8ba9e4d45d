/** The machine underneath: tasks, time, files, processes, facts, archives, metrics, logs, local control. */
@NullMarked
package io.machineroom.app.host;

import org.jspecify.annotations.NullMarked;
