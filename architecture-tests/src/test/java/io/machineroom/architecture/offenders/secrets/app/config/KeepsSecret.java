package io.machineroom.architecture.offenders.secrets.app.config;

import io.machineroom.architecture.offenders.secrets.ports.data.Secret;
import io.machineroom.architecture.offenders.secrets.ports.security.Keyring;

record KeepsSecret(Keyring keys, Secret token) {}
