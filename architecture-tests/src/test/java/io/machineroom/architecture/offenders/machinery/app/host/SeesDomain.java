package io.machineroom.architecture.offenders.machinery.app.host;

import io.machineroom.architecture.offenders.machinery.domain.Rule;

record SeesDomain(Rule rule) {}
