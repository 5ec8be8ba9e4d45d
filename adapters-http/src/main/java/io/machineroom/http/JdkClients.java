package io.machineroom.http;

import io.machineroom.ports.transport.HttpsProxy;
import java.net.http.HttpClient;
import java.util.Optional;

/** Clients of the JDK. Made early: whoever uses a client of his own before decides for the whole process. */
record JdkClients(Optional<HttpsProxy> way) implements Clients {
    /** Read once, when the classes of the client are loaded: by default Basic is not sent to a proxy that tunnels. */
    private static final String SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    JdkClients {
        if (System.getProperty(SCHEMES) == null) {
            System.setProperty(SCHEMES, "");
        }
    }

    @Override
    public HttpClient.Builder builder() {
        return HttpClient.newBuilder();
    }

    @Override
    public Optional<HttpsProxy.Way> proxy() {
        return way.flatMap(HttpsProxy::way);
    }
}
