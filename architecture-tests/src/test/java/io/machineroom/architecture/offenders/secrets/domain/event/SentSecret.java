package io.machineroom.architecture.offenders.secrets.domain.event;

import io.machineroom.architecture.offenders.secrets.ports.data.Secret;

final class SentSecret {
    private final Secret token = new Secret("s");

    Secret token() {
        return token;
    }
}
