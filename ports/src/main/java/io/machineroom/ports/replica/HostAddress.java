package io.machineroom.ports.replica;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a NATS is that somebody else runs, and as whom to connect.
 *
 * @param urls {@code nats://} or {@code tls://}, tried in random order; without user, password and query
 * @param login who we are
 * @param tls how to speak TLS
 * @param clientName shown in the server's listings
 * @param connectTimeout for TCP, TLS and authentication together
 */
public record HostAddress(List<URI> urls, HostLogin login, Tls tls, String clientName, Duration connectTimeout) {
    public HostAddress {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("an address needs at least one URL");
        }
    }

    /**
     * TLS of a connection. The server's certificate is always verified. Without TLS a connection is made only over
     * {@code nats://}, when {@code required} is false and the server offers none.
     *
     * @param ca PEM file with the authorities to trust; empty: those of the system
     * @param certificate PEM file with our own chain
     * @param key PEM file with its PKCS#8 key
     * @param first whether TLS begins before the server says anything
     * @param required whether a server without TLS is refused
     */
    public record Tls(
            Optional<Path> ca, Optional<Path> certificate, Optional<Path> key, boolean first, boolean required) {
        /** What the server wants, judged by the system's authorities. */
        public static Tls plain() {
            return new Tls(Optional.empty(), Optional.empty(), Optional.empty(), false, false);
        }
    }
}
