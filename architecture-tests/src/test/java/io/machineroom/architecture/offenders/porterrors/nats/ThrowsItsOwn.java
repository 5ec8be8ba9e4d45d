package io.machineroom.architecture.offenders.porterrors.nats;

import java.io.IOException;

final class ThrowsItsOwn {
    void fail() throws IOException {
        throw new IOException("raw");
    }
}
