package io.machineroom.ports.transport;

import io.machineroom.ports.Port;
import java.util.Set;

/** A way to reach the other side: NATS or HTTPS. Peers; the domain chooses. */
@Port
public interface Transport {
    /** URL schemes it speaks, lower case: {@code nats}, {@code tls} or {@code https}. */
    Set<String> schemes();

    /**
     * Connects once; blocks at most the endpoint's connect time-out.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code link.unreachable},
     *     {@code link.untrusted} when the certificate does not fit the pins, {@code link.unauthorized}
     *     when the other side does not know us
     * @throws io.machineroom.ports.PortException.Refused {@code link.url} for a URL it cannot use
     */
    Link connect(Endpoint endpoint) throws InterruptedException;
}
