package io.machineroom.app.crypto;

import io.machineroom.ports.contract.CertificateIssuerContract;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.sim.SimEntropy;
import java.time.Instant;

final class BouncyCertificateIssuerTest extends CertificateIssuerContract {
    private final SimEntropy entropy = new SimEntropy(1);

    @Override
    protected CertificateIssuer issuer() {
        return new BouncyCertificateIssuer(PinnedTlsTest.at(Instant.now()), entropy);
    }
}
