package io.machineroom.architecture.offenders.state.domain.flow;

public final class Pump {
    private int sent;

    int next() {
        return ++sent;
    }
}
