package io.machineroom.architecture.offenders.secrets.ports.data;

public record Secret(String text) {
    public String useText() {
        return text;
    }
}
