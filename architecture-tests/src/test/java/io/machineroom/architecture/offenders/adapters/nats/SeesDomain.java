package io.machineroom.architecture.offenders.adapters.nats;

import io.machineroom.architecture.offenders.adapters.domain.Rule;

record SeesDomain(Rule rule) {}
