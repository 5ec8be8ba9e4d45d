/** What each port promises, as tests that the real adapter and the simulation both pass. */
@NullMarked
package io.machineroom.ports.contract;

import org.jspecify.annotations.NullMarked;
