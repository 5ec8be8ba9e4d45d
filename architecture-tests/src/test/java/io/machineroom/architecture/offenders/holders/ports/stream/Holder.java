package io.machineroom.architecture.offenders.holders.ports.stream;

import io.machineroom.architecture.offenders.holders.ports.kv.Bucket;

record Holder(Bucket bucket) {}
