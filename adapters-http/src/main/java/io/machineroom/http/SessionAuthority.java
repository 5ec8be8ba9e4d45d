package io.machineroom.http;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of the links that are open, so that artifacts of a gateway are fetched with the node's session. */
final class SessionAuthority {
    private final ConcurrentHashMap<Origin, GatewaySession> open = new ConcurrentHashMap<>();

    void register(URI url, GatewaySession session) {
        Origin.of(url).ifPresent(origin -> open.put(origin, session));
    }

    void unregister(URI url, GatewaySession session) {
        Origin.of(url).ifPresent(origin -> open.remove(origin, session));
    }

    Optional<GatewaySession> at(Origin origin) {
        return Optional.ofNullable(open.get(origin));
    }
}
