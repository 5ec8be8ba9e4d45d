package io.machineroom.architecture.offenders.state.domain.flow;

final class HasOpenField {
    final int count = 1;
}
