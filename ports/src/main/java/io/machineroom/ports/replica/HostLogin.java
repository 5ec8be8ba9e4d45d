package io.machineroom.ports.replica;

import io.machineroom.ports.data.Secret;

/** Who connects to a NATS of somebody else. */
public sealed interface HostLogin {
    /** Nobody. */
    record Anonymous() implements HostLogin {}

    /**
     * A user with a password; never sent without TLS but to this very machine.
     *
     * @param user name
     * @param password its password
     */
    record UserPassword(String user, Secret password) implements HostLogin {}

    /**
     * A token.
     *
     * @param token sent as it is; never without TLS but to this very machine
     */
    record Token(Secret token) implements HostLogin {}

    /**
     * A user JWT and the nkey seed that belongs to it.
     *
     * @param jwt NATS user JWT
     * @param seed {@code SU…}
     */
    record JwtAndSeed(Secret jwt, Secret seed) implements HostLogin {}

    /**
     * A credentials file.
     *
     * @param content decorated: user JWT and seed
     */
    record Credentials(Secret content) implements HostLogin {}

    /**
     * A Choria token.
     *
     * @param jwt signed by Choria's issuer
     * @param seed ed25519 seed, 64 hex digits
     * @param inboxPrefix the only subject its user may listen below; empty for the usual one
     */
    record Choria(Secret jwt, Secret seed, String inboxPrefix) implements HostLogin {}
}
