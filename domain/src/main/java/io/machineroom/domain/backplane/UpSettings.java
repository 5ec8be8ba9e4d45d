package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Secret;
import java.net.URI;
import java.util.List;

/**
 * How a backplane runs.
 *
 * @param host address of the gateway
 * @param port port of the gateway; 0 takes the one of the last run, else a free one
 * @param nats which broker
 * @param advertised what nodes are told instead of where this process listens: {@code https} URLs for the gateway,
 *     {@code tls} or {@code nats} ones for the broker; may be empty
 */
public record UpSettings(String host, int port, Nats nats, List<URI> advertised) {
    /** Default port of the gateway. */
    public static final int GATEWAY_PORT = 8443;
    /** Default port of the broker. */
    public static final int BROKER_PORT = 4222;

    public UpSettings {
        advertised = List.copyOf(advertised);
    }

    /** Advertised gateways, or else the one given. */
    List<URI> gateways(List<URI> own) {
        List<URI> told =
                advertised.stream().filter(u -> "https".equals(u.getScheme())).toList();
        return told.isEmpty() ? own : told;
    }

    /** Advertised brokers, or else those given; none while there are none. */
    List<URI> brokers(List<URI> own) {
        List<URI> told =
                advertised.stream().filter(u -> !"https".equals(u.getScheme())).toList();
        return told.isEmpty() || own.isEmpty() ? own : told;
    }

    /** Which broker is used. */
    public sealed interface Nats {
        /** None: HTTPS only. */
        record None() implements Nats {}

        /** One of our own, as a child process; port 0 as for the gateway. */
        record Own(String host, int port) implements Nats {}

        /** One of somebody else that trusts our operator and holds our accounts; nodes use it too. */
        record Trusting(URI url) implements Nats {}

        /**
         * One of somebody else: for the vendor-facing streams only, nodes stay with HTTPS.
         *
         * @param credentials decorated credentials of a user there
         * @param pins pins of its CA; empty for the system's authorities
         */
        record Foreign(URI url, Secret credentials, List<String> pins) implements Nats {
            public Foreign {
                pins = List.copyOf(pins);
            }
        }
    }
}
