/** The broker run by a leader or a backplane, and its credentials. */
@NullMarked
package io.machineroom.ports.broker;

import org.jspecify.annotations.NullMarked;
