package io.machineroom.architecture.offenders.porterrors.nats;

import java.io.IOException;
import java.io.UncheckedIOException;

final class ThrowsItsOwn {
    void fail() {
        throw new UncheckedIOException(new IOException("raw"));
    }
}
