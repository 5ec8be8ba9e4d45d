package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** HTTPS to the backplane's gateway. */
final class HttpTransport implements Transport {
    private final Parts parts;

    HttpTransport(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("https");
    }

    /** Tries the URLs in random order; each has its share of the time that is left. */
    @Override
    public Link connect(Endpoint endpoint) throws InterruptedException {
        endpoint.urls().forEach(HttpTransport::check);
        List<URI> urls = shuffled(endpoint.urls());
        SSLContext tls = parts.tls().client(endpoint.trust());
        long end = parts.time().ticks() + endpoint.connectTimeout().toNanos();
        PortException.Unavailable failure = null;
        for (int i = 0; i < urls.size(); i++) {
            long share = (end - parts.time().ticks()) / (urls.size() - i);
            try {
                return link(endpoint, urls.get(i), tls, Duration.ofNanos(Math.max(share, 1_000_000)));
            } catch (PortException.Unavailable e) {
                // of several failures the one that names a cause within our reach tells most
                failure = failure == null || failure.code().equals("link.unreachable") ? e : failure;
            }
        }
        if (failure == null) {
            throw new IllegalStateException("an endpoint without URLs");
        }
        throw failure;
    }

    private Link link(Endpoint endpoint, URI url, SSLContext tls, Duration timeout) throws InterruptedException {
        GatewayClient client = new GatewayClient(origin(url), tls, timeout, parts.clients());
        Optional<NodeSession> node = switch (endpoint.credentials()) {
            case Endpoint.Credentials.Anonymous a -> Optional.empty();
            case Endpoint.Credentials.Node n ->
                Optional.of(new NodeSession(
                        client, parts.keyring(), n.identityKey(), parts.json(), parts.tasks(), parts.time()));
            case Endpoint.Credentials.NatsUser u -> throw natsOnly(client);
            case Endpoint.Credentials.NatsCredsFile f -> throw natsOnly(client);
        };
        try {
            prove(client, node, timeout);
        } catch (PortException | InterruptedException e) {
            client.close();
            throw e;
        }
        GatewaySession session = new GatewaySession(client, node, parts.json());
        if (node.isPresent()) {
            parts.authority().register(url, session);
        }
        return new HttpLink(
                session,
                new EventBatch.Framer(parts.formats(), endpoint.clientName()),
                parts.tasks(),
                parts.time(),
                () -> parts.authority().unregister(url, session));
    }

    /** A node opens its session; nobody asks for the time: either shows that the right server is there. */
    private void prove(GatewayClient client, Optional<NodeSession> node, Duration timeout) throws InterruptedException {
        if (node.isPresent()) {
            node.get().current(timeout);
            return;
        }
        GatewayClient.Answer answer =
                client.send(new GatewayClient.Ask("GET", "/v1/time", Map.of(), new byte[0], timeout, 64 * 1024));
        if (!answer.ok()) {
            PortException why = Failures.refused(answer, parts.json(), client.server());
            throw new PortException.Unavailable(
                    "link.status",
                    String.valueOf(why.getMessage()),
                    why,
                    answer.retryAfter().orElse(null));
        }
    }

    private static PortException.Refused natsOnly(GatewayClient client) {
        client.close();
        return new PortException.Refused("link.unsupported", "NATS credentials do not open an HTTPS gateway");
    }

    private static void check(URI url) {
        boolean plain = url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
        String path = url.getRawPath();
        boolean root = path == null || path.isEmpty() || path.equals("/");
        if (Origin.of(url).filter(Origin::secure).isEmpty() || !plain || !root) {
            String shown = url.getHost() == null ? "a URL without a host" : url.getScheme() + "://" + url.getHost();
            throw new PortException.Refused("link.url", shown + " is not of the form https://host:port");
        }
    }

    private static URI origin(URI url) {
        return URI.create("https://" + url.getRawAuthority());
    }

    private List<URI> shuffled(List<URI> urls) {
        List<URI> out = new ArrayList<>(urls);
        for (int i = out.size() - 1; i > 0; i--) {
            int other = (int) parts.entropy().below(i + 1L);
            URI moved = out.get(i);
            out.set(i, out.get(other));
            out.set(other, moved);
        }
        return out;
    }

    /**
     * What a transport stands on.
     *
     * @param formats encodings, the preferred first
     */
    record Parts(
            Keyring keyring,
            TlsContexts tls,
            JsonFormat json,
            List<EventFormat> formats,
            Tasks tasks,
            TimeSource time,
            Entropy entropy,
            SessionAuthority authority,
            Clients clients) {
        Parts {
            formats = List.copyOf(formats);
        }
    }
}
