package io.machineroom.architecture.offenders.state.domain.event;

final class HiddenButAlone {
    private int count;

    int next() {
        return ++count;
    }
}
