/** What other programs of a node hand over: checked, made durable, and brought into the spool. */
@NullMarked
package io.machineroom.domain.spooling.submission;

import org.jspecify.annotations.NullMarked;
