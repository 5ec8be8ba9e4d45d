package io.machineroom.architecture.offenders.secrets.app.config;

import io.machineroom.architecture.offenders.secrets.ports.data.Secret;

record NodeFacts(Secret token) {}
