package io.machineroom.architecture.offenders.secrets.app.config;

import io.machineroom.architecture.offenders.secrets.ports.data.Secret;

record OpensSecret(Secret token) {
    @Override
    public String toString() {
        return token.useText();
    }
}
