/** The machine underneath: processes, files, facts, archives, local control. */
@NullMarked
package io.machineroom.ports.host;

import org.jspecify.annotations.NullMarked;
