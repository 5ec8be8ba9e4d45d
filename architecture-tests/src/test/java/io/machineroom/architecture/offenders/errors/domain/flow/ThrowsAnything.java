package io.machineroom.architecture.offenders.errors.domain.flow;

final class ThrowsAnything {
    void fail() {
        throw new RuntimeException("anything");
    }
}
