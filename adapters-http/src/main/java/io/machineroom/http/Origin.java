package io.machineroom.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Scheme, host and port: what credentials belong to.
 *
 * @param scheme {@code https} or {@code http}
 * @param host lower case, without brackets
 * @param port never absent
 */
record Origin(String scheme, String host, int port) {
    /** The origin of a URL; empty when it has no host or another scheme. */
    static Optional<Origin> of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
            return Optional.empty();
        }
        int standard = scheme.equals("https") ? 443 : 80;
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return Optional.of(
                new Origin(scheme, plain.toLowerCase(Locale.ROOT), uri.getPort() < 0 ? standard : uri.getPort()));
    }

    boolean secure() {
        return scheme.equals("https");
    }

    /** Whether the host is this machine, by a literal that no name server can change. */
    boolean loopback() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
