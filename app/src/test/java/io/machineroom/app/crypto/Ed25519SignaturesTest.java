package io.machineroom.app.crypto;

import io.machineroom.ports.contract.SignaturesContract;
import io.machineroom.ports.security.Signatures;

final class Ed25519SignaturesTest extends SignaturesContract {
    @Override
    protected Signatures signatures() {
        return new Ed25519Signatures();
    }
}
