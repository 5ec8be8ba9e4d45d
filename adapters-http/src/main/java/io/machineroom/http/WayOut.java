package io.machineroom.http;

import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.transport.HttpsProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The proxy of one client. Its login goes with each request, and the client gives it to nobody but the proxy: an
 * authenticator of the JDK would want to answer the gateway's 401, too.
 */
record WayOut(Optional<HttpsProxy.Way> proxy, Optional<Secret> login, boolean direct) {
    /** The way to one server, which a proxy may spare. */
    static WayOut of(Optional<HttpsProxy.Way> proxy, URI server) {
        Optional<HttpsProxy.Way> taken = proxy.filter(way -> !way.spared().test(server));
        boolean direct = proxy.isPresent() && taken.isEmpty();
        return new WayOut(taken, taken.flatMap(HttpsProxy.Way::login).map(WayOut::basic), direct);
    }

    static Secret basic(ArtifactStore.Login login) {
        return login.password().useText(password -> {
            byte[] pair = (login.user() + ":" + password).getBytes(StandardCharsets.UTF_8);
            return Secret.of("Basic " + Base64.getEncoder().encodeToString(pair));
        });
    }

    void prepare(HttpClient.Builder builder) {
        if (direct) {
            // the settings of the Java platform would bring another proxy in
            builder.proxy(HttpClient.Builder.NO_PROXY);
        }
        proxy.ifPresent(
                way -> builder.proxy(new SecureOnly(InetSocketAddress.createUnresolved(way.host(), way.port()))));
    }

    /** The request with what the proxy demands; plain HTTP, which is for this machine only, never leaves by it. */
    HttpRequest outward(HttpRequest request) {
        if (login.isEmpty() || !"https".equalsIgnoreCase(request.uri().getScheme())) {
            return request;
        }
        return login.get()
                .useText(value -> HttpRequest.newBuilder(request, (name, text) -> true)
                        .setHeader("Proxy-Authorization", value)
                        .build());
    }

    /** For messages: nothing, or where requests go first. */
    String described() {
        return proxy.map(way -> " through the proxy " + way.host() + ":" + way.port())
                .orElse("");
    }

    private static final class SecureOnly extends ProxySelector {
        private final List<Proxy> secure;

        SecureOnly(InetSocketAddress address) {
            secure = List.of(new Proxy(Proxy.Type.HTTP, address));
        }

        @Override
        public List<Proxy> select(URI uri) {
            return "https".equalsIgnoreCase(uri.getScheme()) ? secure : List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            System.getLogger(WayOut.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "proxy " + address + ": " + failure.getMessage());
        }
    }
}
