package io.machineroom.ports.sim;

import io.machineroom.ports.contract.TlsContextsContract;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.TlsContexts;
import java.time.Duration;
import java.time.Instant;

final class SimTlsTest extends TlsContextsContract {
    @Override
    protected TlsContexts tls() {
        return new SimTls();
    }

    @Override
    protected CertificateIssuer issuer(Instant now) {
        SimTasks tasks = new SimTasks(1);
        tasks.jumpWall(Duration.between(SimTasks.START, now));
        return new SimCertificates(tasks.time(), tasks.entropy());
    }
}
