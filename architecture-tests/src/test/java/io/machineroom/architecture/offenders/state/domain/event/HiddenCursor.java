package io.machineroom.architecture.offenders.state.domain.event;

final class HiddenCursor {
    private int count;

    int next() {
        return ++count;
    }
}
