/** Durable stores side by side: ours and what else could hold the events. Run by hand, never by the tests. */
@NullMarked
package io.machineroom.app.bench.stores;

import org.jspecify.annotations.NullMarked;
