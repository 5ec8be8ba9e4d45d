/** What a kind of watcher implements. */
@NullMarked
package io.machineroom.ports.watcher;

import org.jspecify.annotations.NullMarked;
