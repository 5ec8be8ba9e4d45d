package io.machineroom.ports.broker;

import io.machineroom.ports.Port;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the decentralised credentials of a broker (NATS operator mode). Keys stay in the keyring given. */
@Port
public interface BrokerAuthority {
    /** Operator JWT, signed by itself. */
    String operator(Keyring keys, KeyRole operator, String name, String systemAccountNkey);

    /** Account JWT, signed by the operator; with JetStream unless it is the system account. */
    default String account(
            Keyring keys, KeyRole operator, String accountNkey, String name, boolean jetStream, long maxStoreBytes) {
        return account(keys, operator, new AccountGrant(accountNkey, name, jetStream, maxStoreBytes, Map.of()));
    }

    /** The same, of an account that lets some users in no more. */
    String account(Keyring keys, KeyRole operator, AccountGrant grant);

    /** User JWT, signed by the account. */
    String user(Keyring keys, KeyRole account, UserGrant grant);

    /** Text of a decorated NATS credentials file, for the tools of people and for {@code nats.creds}. */
    byte[] credentials(String userJwt, Secret userSeed);

    /**
     * An account.
     *
     * @param maxStoreBytes of its streams and buckets; 0 for no bound
     * @param revoked users by key; a token that was issued then or before counts no more, a later one does
     */
    record AccountGrant(String nkey, String name, boolean jetStream, long maxStoreBytes, Map<String, Instant> revoked) {
        public AccountGrant {
            revoked = Map.copyOf(revoked);
        }
    }

    /**
     * What a user may do; empty allow lists deny all.
     *
     * @param publish subjects that may be published to
     * @param denied of those, subjects that may not
     * @param subscribe subjects that may be listened to
     * @param expires when it ends; null for never
     */
    record UserGrant(
            String userNkey,
            String name,
            List<String> publish,
            List<String> denied,
            List<String> subscribe,
            @Nullable Instant expires) {
        public UserGrant {
            publish = List.copyOf(publish);
            denied = List.copyOf(denied);
            subscribe = List.copyOf(subscribe);
        }

        /** Without exceptions. */
        public UserGrant(
                String userNkey, String name, List<String> publish, List<String> subscribe, @Nullable Instant expires) {
            this(userNkey, name, publish, List.of(), subscribe, expires);
        }
    }

    /**
     * The grant of a node: as itself (architecture D15), and what nodes share: slots of governors, services and gossip
     * ({@code docs/security.md}).
     */
    UserGrant nodeGrant(String userNkey, String identity, @Nullable Instant expires);

    /**
     * The grant of the leader of a site in the customer's account: as itself, and for the nodes of its site below
     * {@code ms.<site>.} ({@code docs/protocol.md} section 8).
     *
     * @param site one subject token, without wildcards
     * @throws IllegalArgumentException for anything else
     */
    UserGrant leaderGrant(String userNkey, String identity, String site, @Nullable Instant expires);

    /** The grant of a node of a site in the site's account: that of {@link #nodeGrant}, and news of the leader's line. */
    UserGrant followerGrant(String userNkey, String identity, @Nullable Instant expires);
}
