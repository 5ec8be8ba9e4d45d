package io.machineroom.architecture.offenders.portsonjdk.ports.data;

import io.machineroom.architecture.offenders.portsonjdk.domain.Rule;

interface LooksUp {
    Rule rule();
}
