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
 */
public record UpSettings(String host, int port, Nats nats) {
    /** Default port of the gateway. */
    public static final int GATEWAY_PORT = 8443;
    /** Default port of the broker. */
    public static final int BROKER_PORT = 4222;

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
