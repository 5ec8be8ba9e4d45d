package io.machineroom.architecture.offenders.state.domain.flow;

public final class HasMutableField {
    private int count;

    int next() {
        return ++count;
    }
}
