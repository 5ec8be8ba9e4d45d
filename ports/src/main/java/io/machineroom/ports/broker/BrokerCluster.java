package io.machineroom.ports.broker;

import io.machineroom.ports.data.Secret;
import java.util.List;

/**
 * The brokers that keep one store together, as one of them is told of it. A majority of them must run.
 *
 * @param name of the cluster, the same for all
 * @param member which of them this is; a machine that takes another one's place takes its number
 * @param routePort where this one listens for the others, 1 to 65535
 * @param user what the others log in as
 * @param password with it
 * @param routes all of them, this one too
 */
public record BrokerCluster(String name, int member, int routePort, String user, Secret password, List<Route> routes) {
    public BrokerCluster {
        routes = List.copyOf(routes);
    }

    /**
     * Where one of them is reached by the others.
     *
     * @param host name or address, without brackets
     * @param port 1 to 65535
     */
    public record Route(int member, String host, int port) {}

    /** How many copies a stream has: one with each. */
    public int replicas() {
        return routes.size();
    }
}
