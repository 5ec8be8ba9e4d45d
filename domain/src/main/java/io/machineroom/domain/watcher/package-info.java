/** The watchers of machines and what runs them. */
@NullMarked
package io.machineroom.domain.watcher;

import org.jspecify.annotations.NullMarked;
