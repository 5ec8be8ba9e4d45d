package io.machineroom.domain.flow;

import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Transport;
import java.util.function.Supplier;

/**
 * One way to the other side.
 *
 * @param name for people and metrics: {@code nats} or {@code https}
 * @param transport what speaks it
 * @param endpoint where and as whom; asked before each connection, because a renewal brings other tokens
 */
public record Way(String name, Transport transport, Supplier<Endpoint> endpoint) {
    /** One that stays as it is. */
    public Way(String name, Transport transport, Endpoint endpoint) {
        this(name, transport, () -> endpoint);
    }
}
