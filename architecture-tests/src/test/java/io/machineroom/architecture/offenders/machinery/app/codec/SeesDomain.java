package io.machineroom.architecture.offenders.machinery.app.codec;

import io.machineroom.architecture.offenders.machinery.domain.Rule;

record SeesDomain(Rule rule) {}
