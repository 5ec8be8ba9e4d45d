package io.machineroom.architecture.offenders.secrets.app.config;

import io.machineroom.architecture.offenders.secrets.ports.security.Keyring;

record PrintedKeyring(byte[] seed) implements Keyring {}
