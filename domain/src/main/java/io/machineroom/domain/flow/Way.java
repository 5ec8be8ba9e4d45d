package io.machineroom.domain.flow;

import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Transport;

/**
 * One way to the other side.
 *
 * @param name for people and metrics: {@code nats} or {@code https}
 * @param transport what speaks it
 * @param endpoint where and as whom
 */
public record Way(String name, Transport transport, Endpoint endpoint) {}
