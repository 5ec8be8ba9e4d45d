package io.machineroom.architecture.offenders.state.domain.flow;

final class PartOfPump {
    private int count;

    int next() {
        return ++count;
    }
}
