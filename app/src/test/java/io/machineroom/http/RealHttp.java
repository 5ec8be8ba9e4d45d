package io.machineroom.http;

import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.HttpsProxy;
import java.util.Optional;

/** Parts of the HTTPS adapter for tests that put them together themselves. */
public final class RealHttp {
    private RealHttp() {}

    /** The way to a SaaS through a proxy. */
    public static Upstream upstream(
            CurrentEndpoint current, TlsContexts tls, HttpsProxy proxy, Tasks tasks, TimeSource time) {
        return new HttpUpstream(current, tls, Clients.jdk(Optional.of(proxy)), tasks, time);
    }
}
