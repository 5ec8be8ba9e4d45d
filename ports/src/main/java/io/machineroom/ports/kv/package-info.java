/** Keys with revisions. */
@NullMarked
package io.machineroom.ports.kv;

import org.jspecify.annotations.NullMarked;
