package io.machineroom.architecture.offenders.holders.ports.kv;

import io.machineroom.architecture.offenders.holders.ports.Port;

@Port
public interface Bucket {}
