/** Benchmarks of the whole; run by hand, never by the tests. */
@NullMarked
package io.machineroom.app.bench;

import org.jspecify.annotations.NullMarked;
