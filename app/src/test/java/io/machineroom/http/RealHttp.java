package io.machineroom.http;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.HttpsProxy;
import io.machineroom.ports.transport.Transport;
import java.util.List;
import java.util.Optional;

/** Parts of the HTTPS adapter for tests that put them together themselves. */
public final class RealHttp {
    private RealHttp() {}

    /** The way to a SaaS through a proxy. */
    public static Upstream upstream(
            CurrentEndpoint current, TlsContexts tls, HttpsProxy proxy, Tasks tasks, TimeSource time) {
        return new HttpUpstream(current, tls, Clients.jdk(Optional.of(proxy)), tasks, time);
    }

    /** The gateway of a SaaS. */
    public static Gateway gateway(JsonFormat json, Tasks tasks, TimeSource time, Entropy entropy) {
        return new HttpGateway(json, tasks, time, entropy, GatewayLimits.standard());
    }

    /** The way of a node, or of a leader, to such a gateway. */
    public static <R extends TimeSource & Entropy> Transport transport(
            Keyring keyring, TlsContexts tls, List<EventFormat> formats, JsonFormat json, Tasks tasks, R runtime) {
        return new HttpTransport(new HttpTransport.Parts(
                keyring,
                tls,
                json,
                formats,
                tasks,
                runtime,
                runtime,
                new SessionAuthority(),
                Clients.jdk(Optional.empty())));
    }
}
