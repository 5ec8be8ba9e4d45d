package io.machineroom.http;

import io.machineroom.ports.transport.HttpsProxy;
import java.net.http.HttpClient;
import java.util.Optional;

/** Where HTTP clients come from; each call gives a fresh builder. */
@FunctionalInterface
interface Clients {
    HttpClient.Builder builder();

    /** A way out that is the same for all requests of one client; empty for the builder's own. */
    default Optional<HttpsProxy.Way> proxy() {
        return Optional.empty();
    }

    /** Those of the JDK. */
    static Clients jdk(Optional<HttpsProxy> proxy) {
        return new JdkClients(proxy);
    }
}
