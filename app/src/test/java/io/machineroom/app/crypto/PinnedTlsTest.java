package io.machineroom.app.crypto;

import io.machineroom.ports.contract.TlsContextsContract;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.sim.SimEntropy;
import java.time.Instant;

final class PinnedTlsTest extends TlsContextsContract {
    @Override
    protected TlsContexts tls() {
        return new PinnedTls();
    }

    @Override
    protected CertificateIssuer issuer(Instant now) {
        return new BouncyCertificateIssuer(at(now), new SimEntropy(1));
    }

    static TimeSource at(Instant now) {
        return new TimeSource() {
            @Override
            public Instant wall() {
                return now;
            }

            @Override
            public long ticks() {
                return 0;
            }
        };
    }
}
