package io.machineroom.ports.transport;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where and as whom to connect.
 *
 * @param urls tried in random order, all of schemes of one transport
 * @param trust how the server's certificate is judged; there is no way to switch that off
 * @param credentials who we are
 * @param clientName shown in the server's listings; the node identity
 * @param connectTimeout for TCP, TLS and authentication together; default 5 s
 */
public record Endpoint(
        List<URI> urls, TrustPolicy trust, Credentials credentials, String clientName, Duration connectTimeout) {
    public Endpoint {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("an endpoint needs at least one URL");
        }
    }

    /** Who connects. */
    public sealed interface Credentials {
        /** Nobody yet: enrolment. */
        record Anonymous() implements Credentials {}

        /**
         * A node.
         *
         * @param identity node identity
         * @param nodeKey public nkey of the NATS user key, {@code U…}
         * @param natsJwt NATS user JWT bound to that key
         * @param natsKey role that signs the NATS nonce
         * @param identityKey role that signs the gateway's nonce
         */
        record Node(String identity, String nodeKey, Secret natsJwt, KeyRole natsKey, KeyRole identityKey)
                implements Credentials {}

        /**
         * A NATS user of the backplane.
         *
         * @param natsJwt NATS user JWT
         * @param natsKey role that signs the nonce
         */
        record NatsUser(Secret natsJwt, KeyRole natsKey) implements Credentials {}

        /**
         * A credentials file of somebody else's NATS.
         *
         * @param content decorated NATS credentials: user JWT and seed
         */
        record NatsCredsFile(Secret content) implements Credentials {}
    }
}
