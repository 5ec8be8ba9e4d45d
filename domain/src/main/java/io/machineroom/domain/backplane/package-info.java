/**
 * The vendor's side: takes events in, enrols nodes, hands out desired state and answers for every number of the ledger.
 */
@NullMarked
package io.machineroom.domain.backplane;

import org.jspecify.annotations.NullMarked;
