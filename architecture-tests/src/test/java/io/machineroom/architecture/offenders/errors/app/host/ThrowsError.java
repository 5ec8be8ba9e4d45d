package io.machineroom.architecture.offenders.errors.app.host;

final class ThrowsError {
    void fail() {
        throw new Error("anything");
    }
}
