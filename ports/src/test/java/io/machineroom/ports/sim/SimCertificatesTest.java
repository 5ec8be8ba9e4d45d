package io.machineroom.ports.sim;

import io.machineroom.ports.contract.CertificateIssuerContract;
import io.machineroom.ports.security.CertificateIssuer;
import java.time.Duration;
import java.time.Instant;

final class SimCertificatesTest extends CertificateIssuerContract {
    private final SimTasks tasks = new SimTasks(1);

    @Override
    protected CertificateIssuer issuer() {
        tasks.jumpWall(Duration.between(tasks.time().wall(), Instant.now()));
        return new SimCertificates(tasks.time(), tasks.entropy());
    }
}
