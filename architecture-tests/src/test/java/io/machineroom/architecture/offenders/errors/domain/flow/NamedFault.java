package io.machineroom.architecture.offenders.errors.domain.flow;

final class NamedFault extends RuntimeException {
    NamedFault() {
        super("has a name");
    }
}
