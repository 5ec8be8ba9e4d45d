package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Links of one host of a {@link SimNetwork}: over NATS, or over HTTPS, which can do less. */
public final class SimTransport implements Transport {
    private final SimNetwork network;
    private final String from;
    private final Set<String> schemes;
    private final boolean streams;

    private SimTransport(SimNetwork network, String from, Set<String> schemes, boolean streams) {
        this.network = network;
        this.from = from;
        this.schemes = schemes;
        this.streams = streams;
    }

    /** As the host of that name, over {@code nats} and {@code tls}. */
    public static SimTransport nats(SimNetwork network, String from) {
        return new SimTransport(network, from, Set.of("nats", "tls"), true);
    }

    /** As the host of that name, over {@code https}: no messages, no streams. */
    public static SimTransport https(SimNetwork network, String from) {
        return new SimTransport(network, from, Set.of("https"), false);
    }

    @Override
    public Set<String> schemes() {
        return schemes;
    }

    @Override
    public Link connect(Endpoint endpoint) throws InterruptedException {
        for (URI url : endpoint.urls()) {
            if (url.getScheme() == null || !schemes.contains(url.getScheme()) || url.getHost() == null) {
                throw new PortException.Refused("link.url", "'" + url + "' is not for " + schemes);
            }
        }
        PortException.Unavailable worst = new PortException.Unavailable("link.unreachable", "nobody is there");
        int first = (int) network.sim().entropy().below(endpoint.urls().size());
        for (int i = 0; i < endpoint.urls().size(); i++) {
            URI url = endpoint.urls().get((first + i) % endpoint.urls().size());
            Optional<Link> link = Optional.empty();
            try {
                link = Optional.of(connect(endpoint, url));
            } catch (PortException.Unavailable e) {
                worst = worst.code().equals("link.unreachable") ? e : worst;
            }
            if (link.isPresent()) {
                return link.get();
            }
        }
        throw worst;
    }

    private Link connect(Endpoint endpoint, URI url) throws InterruptedException {
        String host = network.resolve(from, url.getHost());
        String user = user(endpoint.credentials());
        try {
            return network.exchange(from, host, endpoint.connectTimeout(), () -> {
                if (!network.fits(url.getHost(), endpoint)) {
                    throw new PortException.Unavailable("link.untrusted", host + " has another certificate");
                }
                if (!network.knows(user) || !network.admits(host, endpoint.credentials())) {
                    throw new PortException.Unavailable("link.unauthorized", host + " does not know us");
                }
                boolean isNode = endpoint.credentials() instanceof Endpoint.Credentials.Node;
                return new SimLink(network, new SimLink.Ends(from, host, url.toString(), user, isNode, streams));
            });
        } catch (SimNetwork.UnansweredException e) {
            throw new PortException.Unavailable("link.unreachable", url + " does not answer", e);
        }
    }

    private static String user(Endpoint.Credentials credentials) {
        return switch (credentials) {
            case Endpoint.Credentials.Anonymous _ -> "";
            case Endpoint.Credentials.Node node -> node.nodeKey();
            case Endpoint.Credentials.NatsUser user -> user.natsKey().name();
            case Endpoint.Credentials.NatsCredsFile _ -> "file";
        };
    }
}
