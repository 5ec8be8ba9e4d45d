package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The HTTPS side of a simulated node: transport, sessions, batches and buckets are those of the product, only the
 * HTTP client beneath them is another. Artifacts go through the same sessions to a simulated disk.
 */
public final class SimulatedHttp {
    /** Archives of a simulated world are small, lies included. */
    private static final long LARGEST = 64L << 20;

    private final SessionAuthority authority = new SessionAuthority();
    private final Parts parts;
    private final Clients clients;
    private final HttpTransport transport;

    public SimulatedHttp(Parts parts, Keyring keyring, Supplier<HttpClient.Builder> clients) {
        this.parts = parts;
        this.clients = clients::get;
        this.transport = new HttpTransport(new HttpTransport.Parts(
                keyring,
                parts.tls(),
                parts.json(),
                parts.formats(),
                parts.tasks(),
                parts.time(),
                parts.entropy(),
                authority,
                this.clients));
    }

    /**
     * What it stands on.
     *
     * @param disk writes a whole file, unsynced
     */
    public record Parts(
            TlsContexts tls,
            JsonFormat json,
            List<EventFormat> formats,
            Tasks tasks,
            TimeSource time,
            Entropy entropy,
            BiConsumer<Path, byte[]> disk) {}

    public Transport transport() {
        return transport;
    }

    /** Passes requests of a site's followers on; files come whole, what breaks off begins anew. */
    public Upstream upstream(CurrentEndpoint current) {
        HttpUpstream real = new HttpUpstream(current, parts.tls(), clients, parts.tasks(), parts.time());
        return new Upstream() {
            @Override
            public Gateway.Response ask(Gateway.Request request, int maxAnswerBytes, Duration timeout)
                    throws InterruptedException {
                return real.ask(request, maxAnswerBytes, timeout);
            }

            @Override
            public Gateway.Response download(Gateway.Request request, Path into, long maxBytes, Duration timeout)
                    throws InterruptedException {
                return whole(real, request, into, maxBytes, timeout);
            }
        };
    }

    private Gateway.Response whole(Upstream real, Gateway.Request request, Path into, long maxBytes, Duration timeout)
            throws InterruptedException {
        Gateway.Response answer;
        try {
            answer = real.ask(request, (int) Math.min(maxBytes, LARGEST), timeout);
        } catch (PortException.Unavailable e) {
            if (e.code().equals("upstream.answer")) {
                throw new PortException.Refused("artifact.too-large", "larger than " + maxBytes + " bytes", e);
            }
            throw e;
        }
        if (answer.status() != 200) {
            return answer;
        }
        String length = answer.headers().getOrDefault("content-length", "");
        if (!length.isEmpty() && Long.parseLong(length) != answer.body().length) {
            throw new PortException.Unavailable("upstream.interrupted", "broke off");
        }
        parts.disk().accept(into, answer.body());
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        headers.remove("content-length");
        return new Gateway.Response(200, headers, new byte[0], null);
    }

    /** Fetches whole files; what breaks off begins anew. */
    public ArtifactStore artifacts(CurrentEndpoint current) {
        ArtifactAccess access = new ArtifactAccess(transport, authority, current, parts.tls(), clients);
        return (source, login, maxBytes, into, timeout) -> {
            byte[] content = fetch(access, source, login, maxBytes, timeout);
            parts.disk().accept(into, content);
            return content.length;
        };
    }

    private static byte[] fetch(
            ArtifactAccess access, URI source, Optional<ArtifactStore.Login> login, long maxBytes, Duration timeout)
            throws InterruptedException {
        Origin origin = Origin.of(source)
                .filter(Origin::secure)
                .orElseThrow(() -> new PortException.Refused("artifact.url", "no https URL"));
        try (ArtifactAccess.Way way = access.to(origin, login)) {
            for (int attempt = 0; ; attempt++) {
                GatewayClient.Ask ask = new GatewayClient.Ask(
                        "GET", source.getRawPath(), Map.of(), new byte[0], timeout, Math.toIntExact(maxBytes));
                Optional<NodeSession.Token> token = way.session().isPresent()
                        ? Optional.of(way.session().get().current(timeout))
                        : Optional.empty();
                if (token.isPresent()) {
                    ask = token.get()
                            .header()
                            .useText(value -> new GatewayClient.Ask(
                                    "GET",
                                    source.getRawPath(),
                                    Map.of("Authorization", value),
                                    new byte[0],
                                    timeout,
                                    Math.toIntExact(maxBytes)));
                }
                GatewayClient.Answer answer = way.client().send(ask);
                if (answer.status() == 401 && token.isPresent() && attempt == 0) {
                    way.session().get().forget(token.get());
                    continue;
                }
                return judge(answer);
            }
        } catch (PortException.Unavailable e) {
            throw e.code().startsWith("link.")
                    ? new PortException.Unavailable("artifact.unreachable", String.valueOf(e.getMessage()), e)
                    : e;
        }
    }

    private static byte[] judge(GatewayClient.Answer answer) {
        int status = answer.status();
        if (status == 200) {
            long length = answer.header("Content-Length").map(Long::parseLong).orElse(-1L);
            if (length >= 0 && length != answer.body().length) {
                throw new PortException.Unavailable("artifact.interrupted", "broke off");
            }
            return answer.body();
        }
        String text = "answered with status " + status;
        throw status == 408 || status == 429 || status >= 500
                ? new PortException.Unavailable("artifact.status", text)
                : new PortException.Refused("artifact.status", text);
    }
}
