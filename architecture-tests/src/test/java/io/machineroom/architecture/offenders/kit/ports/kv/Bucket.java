package io.machineroom.architecture.offenders.kit.ports.kv;

import io.machineroom.architecture.offenders.kit.ports.Port;

@Port
public interface Bucket {}
