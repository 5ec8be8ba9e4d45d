package io.machineroom.architecture.offenders.state.domain.flow;

interface HasSetter {
    void setCount(int count);
}
