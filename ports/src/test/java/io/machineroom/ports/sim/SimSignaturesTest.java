package io.machineroom.ports.sim;

import io.machineroom.ports.contract.SignaturesContract;
import io.machineroom.ports.security.Signatures;

final class SimSignaturesTest extends SignaturesContract {
    @Override
    protected Signatures signatures() {
        return new SimSignatures();
    }
}
