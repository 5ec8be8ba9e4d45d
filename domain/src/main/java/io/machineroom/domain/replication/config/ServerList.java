package io.machineroom.domain.replication.config;

import io.machineroom.ports.watcher.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The servers of one side, as {@code source_url} names them: URLs, comma separated, each with a query that may say who we are.
 *
 * @param urls without user and query
 * @param query what the queries say: parameters by name, up to and including the first that brings credentials
 * @param user user and password of the first URL that has them, still together; empty: none
 * @param problems what is wrong, each a sentence
 */
public record ServerList(List<URI> urls, Map<String, String> query, String user, List<String> problems) {
    private static final Set<String> SCHEMES = Set.of("nats", "tls");
    private static final Duration CONNECT = Duration.ofSeconds(5);

    public ServerList {
        urls = List.copyOf(urls);
        query = Map.copyOf(query);
        problems = List.copyOf(problems);
    }

    /** Never throws. */
    public static ServerList parse(String text) {
        List<URI> urls = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Map<String, String> query = new LinkedHashMap<>();
        String user = "";
        for (String one : text.split(",")) {
            if (one.isBlank()) {
                continue;
            }
            try {
                URI url = uri(one.strip());
                if (user.isEmpty() && url.getUserInfo() != null) {
                    user = url.getUserInfo();
                }
                if (!bringsCredentials(query)) {
                    query.putAll(query(url));
                }
                urls.add(new URI(
                        url.getScheme().toLowerCase(Locale.ROOT), null, url.getHost(), port(url), null, null, null));
            } catch (URISyntaxException e) {
                // not the text itself: it may hold a password
                problems.add("URL " + (urls.size() + problems.size() + 1)
                        + " is not nats://host[:port] or tls://host[:port]");
            }
        }
        return new ServerList(urls, query, user, problems);
    }

    private static URI uri(String text) throws URISyntaxException {
        URI url = new URI(text.contains("://") ? text : "nats://" + text);
        if (url.getHost() == null || !SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))) {
            throw new URISyntaxException("", "no host or an unknown scheme");
        }
        return url;
    }

    private static int port(URI url) {
        return url.getPort() < 0 ? 4222 : url.getPort();
    }

    private static boolean bringsCredentials(Map<String, String> query) {
        return query.containsKey("credentials") || query.containsKey("jwt") && query.containsKey("nkey");
    }

    private static Map<String, String> query(URI url) throws URISyntaxException {
        Map<String, String> out = new LinkedHashMap<>();
        String raw = url.getRawQuery() == null ? "" : url.getRawQuery();
        for (String pair : raw.split("&")) {
            int cut = pair.indexOf('=');
            if (cut > 0) {
                String value = new URI("n://h/?" + pair.substring(cut + 1)).getQuery();
                out.put(pair.substring(0, cut), value);
            }
        }
        return out;
    }

    /** Whether a parameter is on, in Go's spelling of booleans. */
    private boolean on(String name) {
        return Set.of("1", "t", "T", "TRUE", "true", "True").contains(query.getOrDefault(name, ""));
    }

    /** Whether TLS begins before the server speaks; only where there are TLS settings, even empty ones. */
    public boolean tlsFirst(boolean hasTlsSettings) {
        return hasTlsSettings && on("tls_handshake_first");
    }

    /** Whether the original would not verify the server's certificate; TLS is then at least required. */
    public boolean insecure() {
        return on("insecure");
    }

    /** How long connecting may take; what cannot be parsed is ignored. */
    public Duration connectTimeout() {
        try {
            Duration given = Durations.parse(query.getOrDefault("connect_timeout", ""));
            return given.isPositive() ? given : CONNECT;
        } catch (IllegalArgumentException ignoredAsByTheOriginal) {
            return CONNECT;
        }
    }

    /** A file that a parameter names. */
    public Optional<String> file(String parameter) {
        return Optional.ofNullable(query.get(parameter)).filter(f -> !f.isEmpty());
    }

    /** Without user: it may hold a password. */
    @Override
    public String toString() {
        return urls.toString();
    }
}
