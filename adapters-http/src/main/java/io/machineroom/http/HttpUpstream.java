package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Passes requests on to the gateway of the leader's enrolment, with the leader's trust and through its proxy, and in the
 * session of whoever asked. A server that cannot be reached is left for the next one.
 */
final class HttpUpstream implements Upstream {
    private static final Set<String> OURS = Set.of(
            "connection", "content-length", "expect", "host", "upgrade", "transfer-encoding", "content-encoding");

    private final CurrentEndpoint current;
    private final TlsContexts tls;
    private final Clients clients;
    private final Tasks tasks;
    private final TimeSource time;
    private final UpstreamTurns turns;
    private final AtomicReference<Optional<Server>> server = new AtomicReference<>(Optional.empty());

    HttpUpstream(CurrentEndpoint current, TlsContexts tls, Clients clients, Tasks tasks, TimeSource time) {
        this.turns = new UpstreamTurns(HeapShare.ofThisProcess().passedOn());
        this.current = current;
        this.tls = tls;
        this.clients = clients;
        this.tasks = tasks;
        this.time = time;
    }

    /** What was connected last, and for which enrolment. */
    private record Server(List<URI> urls, TrustPolicy trust, int index, GatewayClient client) {
        boolean fits(Endpoint endpoint) {
            return urls.equals(endpoint.urls()) && trust.equals(endpoint.trust());
        }
    }

    private interface Exchange<T> {
        T with(GatewayClient client) throws InterruptedException;
    }

    @Override
    public Gateway.Response ask(Gateway.Request request, int maxAnswerBytes, Duration timeout)
            throws InterruptedException {
        try (UpstreamTurns.Turn _ = turns.take(request)) {
            return answer(request, maxAnswerBytes, timeout);
        }
    }

    private Gateway.Response answer(Gateway.Request request, int maxAnswerBytes, Duration timeout)
            throws InterruptedException {
        return somewhere(client -> {
            HttpResponse<byte[]> answer = client.send(
                    request(client, request, timeout).build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), maxAnswerBytes),
                    timeout);
            return new Gateway.Response(answer.statusCode(), headers(answer), answer.body(), null);
        });
    }

    @Override
    public Gateway.Response download(Gateway.Request request, Path into, long maxBytes, Duration timeout)
            throws InterruptedException {
        try (UpstreamTurns.Turn _ = turns.take(request)) {
            return somewhere(
                    client -> new UpstreamDownload(client, new PartialFile(into, maxBytes), maxBytes, tasks, time)
                            .run(request(client, request, timeout).build(), timeout));
        }
    }

    /** Tries each server once, beginning with the one that worked, and that one twice: a kept connection may have died. */
    private <T> T somewhere(Exchange<T> exchange) throws InterruptedException {
        Endpoint endpoint = current.https()
                .orElseThrow(
                        () -> new PortException.Unavailable("upstream.unreachable", "the enrolment names no gateway"));
        PortException.Unavailable failure = null;
        for (int attempt = 0; attempt <= endpoint.urls().size(); attempt++) {
            Server used = server(endpoint);
            try {
                return exchange.with(used.client());
            } catch (PortException.Unavailable e) {
                if (!e.code().startsWith("link.")) {
                    throw e;
                }
                failure = e;
                if (e.code().equals("link.timeout")) {
                    break;
                }
                if (attempt > 0) {
                    leave(used);
                }
            }
        }
        throw unreachable(failure);
    }

    private static PortException.Unavailable unreachable(
            PortException.@org.jspecify.annotations.Nullable Unavailable e) {
        String why = e == null ? "no server" : e.code() + ": " + e.getMessage();
        boolean large = why.contains("body exceeds capacity");
        return new PortException.Unavailable(large ? "upstream.answer" : "upstream.unreachable", why, e, null);
    }

    private Server server(Endpoint endpoint) {
        Optional<Server> now = server.get();
        if (now.isPresent() && now.get().fits(endpoint)) {
            return now.get();
        }
        return replace(now, endpoint, 0);
    }

    private void leave(Server used) {
        Optional<Server> now = server.get();
        if (now.isPresent() && now.get().equals(used) && used.urls().size() > 1) {
            current.https().filter(used::fits).ifPresent(endpoint -> replace(now, endpoint, used.index() + 1));
        }
    }

    /** Whoever loses the race uses the other's; the old client is left to requests under way and ends with them. */
    private Server replace(Optional<Server> before, Endpoint endpoint, int index) {
        int at = index % endpoint.urls().size();
        GatewayClient client = new GatewayClient(
                endpoint.urls().get(at), tls.client(endpoint.trust()), endpoint.connectTimeout(), clients);
        Server made = new Server(endpoint.urls(), endpoint.trust(), at, client);
        if (server.compareAndSet(before, Optional.of(made))) {
            before.ifPresent(old -> old.client().finish());
            return made;
        }
        client.close();
        return server.get().orElse(made);
    }

    private static HttpRequest.Builder request(GatewayClient client, Gateway.Request from, Duration timeout) {
        byte[] body = from.body();
        Optional<byte[]> packed = EventBatch.packed(body);
        HttpRequest.Builder out = HttpRequest.newBuilder(URI.create(client.server() + target(from)))
                .timeout(timeout)
                .method(
                        from.method(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(packed.orElse(body)));
        from.headers().forEach((name, value) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                out.setHeader(name, value);
            }
        });
        if (packed.isPresent()) {
            out.setHeader("Content-Encoding", "gzip");
        }
        return out;
    }

    private static String target(Gateway.Request from) {
        try {
            String path = new URI(null, null, from.path(), null).getRawPath();
            return from.query().isEmpty() ? path : path + "?" + from.query();
        } catch (URISyntaxException e) {
            throw new PortException.Refused("gateway.path", "this path cannot be passed on", e);
        }
    }

    static Map<String, String> headers(HttpResponse<?> answer) {
        Map<String, String> out = new LinkedHashMap<>();
        answer.headers().map().forEach((name, values) -> out.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return out;
    }
}
