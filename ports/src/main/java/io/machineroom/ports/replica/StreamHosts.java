package io.machineroom.ports.replica;

/** Makes connections to NATS servers of others. Safe from any task. */
@FunctionalInterface
public interface StreamHosts {
    /**
     * Connects once; blocks at most the connect time-out.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code link.unreachable}, {@code link.untrusted},
     *     {@code link.unauthorized}
     * @throws io.machineroom.ports.PortException.Refused {@code link.url}, {@code link.credentials},
     *     {@code link.plain-password}, {@code tls.unreadable}
     */
    StreamHost connect(HostAddress address) throws InterruptedException;
}
