package io.machineroom.architecture.offenders.secrets.ports.security;

public interface Keyring {}
