package io.machineroom.domain.backplane;

import java.net.URI;
import java.util.List;

/**
 * How nodes reach the backplane.
 *
 * @param https gateways
 * @param nats brokers; empty without one
 */
public record Ways(List<URI> https, List<URI> nats) {
    public Ways {
        https = List.copyOf(https);
        nats = List.copyOf(nats);
    }
}
