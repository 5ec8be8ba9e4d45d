/** Messages on their way: subjects, lanes, numbers, sources, sinks and receipts. */
@NullMarked
package io.machineroom.ports.stream;

import org.jspecify.annotations.NullMarked;
