package io.machineroom.architecture.offenders.porterrors.ports;

public abstract sealed class PortException extends RuntimeException {
    public static final class Refused extends PortException {}
}
