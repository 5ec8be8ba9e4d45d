package io.machineroom.http;

import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.util.Optional;

/** Where HTTP clients come from; each call gives a fresh builder. */
@FunctionalInterface
interface Clients {
    HttpClient.Builder builder();

    /** Those of the JDK. */
    static Clients jdk(Optional<ProxySelector> proxies) {
        return () -> {
            HttpClient.Builder builder = HttpClient.newBuilder();
            proxies.ifPresent(builder::proxy);
            return builder;
        };
    }
}
