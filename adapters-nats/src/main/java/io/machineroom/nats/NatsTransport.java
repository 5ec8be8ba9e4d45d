package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Links over NATS, always with TLS. Names nothing of the client library, so that an agent without NATS
 * never loads it.
 */
final class NatsTransport implements Transport {
    private static final Set<String> SCHEMES = Set.of("nats", "tls");
    private static final int DEFAULT_PORT = 4222;

    private final Keyring keys;
    private final TlsContexts tls;
    private final JsonFormat json;
    private final Duration ackWait;

    NatsTransport(Keyring keys, TlsContexts tls, JsonFormat json) {
        this(keys, tls, json, Duration.ofSeconds(30));
    }

    /**
     * For tests that do not want to wait.
     *
     * @param ackWait after which time what was read and not settled comes again
     */
    NatsTransport(Keyring keys, TlsContexts tls, JsonFormat json, Duration ackWait) {
        this.keys = keys;
        this.tls = tls;
        this.json = json;
        this.ackWait = ackWait;
    }

    @Override
    public Set<String> schemes() {
        return SCHEMES;
    }

    @Override
    public Link connect(Endpoint endpoint) throws InterruptedException {
        List<String> servers = new ArrayList<>();
        for (URI url : endpoint.urls()) {
            servers.add(server(url));
        }
        Collections.shuffle(servers);
        NatsConnector connector = new NatsConnector(keys, tls.client(endpoint.trust()), json, ackWait);
        long deadline = System.nanoTime() + endpoint.connectTimeout().toNanos();
        PortException.@Nullable Unavailable worst = null;
        for (int i = 0; i < servers.size(); i++) {
            // each gets its share of what is left, so that one black hole does not eat the time of the others
            long share = (deadline - System.nanoTime()) / (servers.size() - i);
            try {
                return connector.connect(servers.get(i), endpoint, Duration.ofNanos(Math.max(share, 100_000_000L)));
            } catch (PortException.Unavailable e) {
                worst = worse(worst, e);
            }
        }
        throw worst == null ? new PortException.Unavailable("link.unreachable", "no server to connect to") : worst;
    }

    /** A server that answered says more than one that did not. */
    private static PortException.Unavailable worse(
            PortException.@Nullable Unavailable before, PortException.Unavailable now) {
        return before == null || before.code().equals("link.unreachable") ? now : before;
    }

    private static String server(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || url.getHost() == null) {
            throw new PortException.Refused(
                    "link.url", "'" + withoutUser(url) + "' is not nats://host[:port] or tls://host[:port]");
        }
        if (url.getRawUserInfo() != null) {
            throw new PortException.Refused(
                    "link.url", "'" + withoutUser(url) + "' holds a user or password: use a credentials file instead");
        }
        return "tls://" + url.getHost() + ":" + (url.getPort() < 0 ? DEFAULT_PORT : url.getPort());
    }

    private static String withoutUser(URI url) {
        String user = url.getRawUserInfo();
        return user == null ? url.toString() : url.toString().replace(user + "@", "");
    }
}
