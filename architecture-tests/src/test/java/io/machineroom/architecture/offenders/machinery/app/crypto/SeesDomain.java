package io.machineroom.architecture.offenders.machinery.app.crypto;

import io.machineroom.architecture.offenders.machinery.domain.Rule;

record SeesDomain(Rule rule) {}
