package io.machineroom.app.simulation;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.sim.SimAuthority;
import io.machineroom.ports.sim.SimNetwork;
import io.machineroom.ports.transport.Endpoint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who belongs to which account: brokers of this world let in the users of their own accounts and nobody else. */
final class Accounts implements BrokerAuthority {
    private final SimAuthority authority = new SimAuthority();
    private final SimNetwork network;
    private final JsonFormat json;
    private final Map<String, String> accountOf = new HashMap<>();
    private long turnedAway;

    Accounts(SimNetwork network, JsonFormat json) {
        this.network = network;
        this.json = json;
    }

    /** Users of an account that some broker does not have, as often as one tried. */
    long turnedAway() {
        return turnedAway;
    }

    @Override
    public String user(Keyring keys, KeyRole account, UserGrant grant) {
        String jwt = signed(keys, account, grant.userNkey(), "user");
        accountOf.put(jwt, keys.publicNkey(account).orElseThrow());
        return jwt;
    }

    @Override
    public String operator(Keyring keys, KeyRole operator, String name, String systemAccountNkey) {
        return signed(keys, operator, keys.publicNkey(operator).orElseThrow(), "operator");
    }

    @Override
    public String account(Keyring keys, KeyRole operator, AccountGrant grant) {
        return signed(keys, operator, grant.nkey(), "account");
    }

    /** As much of a JWT of NATS as a backplane checks. */
    private String signed(Keyring keys, KeyRole issuer, String about, String type) {
        if (!keys.has(issuer)) {
            throw new PortException.Refused("key.missing", "there is no key '" + issuer.name() + "'");
        }
        Value.Obj claims = Value.obj(
                "iss", Value.text(keys.publicNkey(issuer).orElseThrow()),
                "sub", Value.text(about),
                "nats", Value.obj("type", Value.text(type)));
        String text = part(Value.obj("typ", Value.text("JWT"))) + "." + part(claims);
        byte[] signature = keys.sign(issuer, text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private String part(Value.Obj document) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.write(document));
    }

    @Override
    public byte[] credentials(String userJwt, Secret userSeed) {
        return authority.credentials(userJwt, userSeed);
    }

    @Override
    public UserGrant nodeGrant(String userNkey, String identity, @Nullable Instant expires) {
        return authority.nodeGrant(userNkey, identity, expires);
    }

    @Override
    public UserGrant leaderGrant(String userNkey, String identity, String site, @Nullable Instant expires) {
        return authority.leaderGrant(userNkey, identity, site, expires);
    }

    @Override
    public UserGrant followerGrant(String userNkey, String identity, @Nullable Instant expires) {
        return authority.followerGrant(userNkey, identity, expires);
    }

    /**
     * A broker that checks.
     *
     * @param host of the network, where it stands
     */
    Broker guarded(Broker broker, String host) {
        return new Broker() {
            @Override
            public String missing() {
                return broker.missing();
            }

            @Override
            public void retire(Path directory) {
                broker.retire(directory);
            }

            @Override
            public Running start(Spec spec, Duration patience) throws InterruptedException {
                Set<String> admitted = new HashSet<>();
                spec.accounts().forEach(account -> admitted.add(account.nkey()));
                Running running = broker.start(spec, patience);
                network.guard(host, who -> admits(admitted, who));
                return new Guarded(running, admitted);
            }
        };
    }

    private boolean admits(Set<String> admitted, Endpoint.Credentials who) {
        Secret jwt = switch (who) {
            case Endpoint.Credentials.Node node -> node.natsJwt();
            case Endpoint.Credentials.NatsUser user -> user.natsJwt();
            case Endpoint.Credentials.Anonymous _, Endpoint.Credentials.NatsCredsFile _ -> Secret.of("none");
        };
        boolean known = jwt.useText(text -> admitted.contains(accountOf.getOrDefault(text, "")));
        turnedAway += known ? 0 : 1;
        return known;
    }

    private record Guarded(Broker.Running running, Set<String> admitted) implements Broker.Running {
        @Override
        public URI url() {
            return running.url();
        }

        @Override
        public long pid() {
            return running.pid();
        }

        @Override
        public boolean alive() {
            return running.alive();
        }

        @Override
        public void admit(Broker.Account account) {
            running.admit(account);
            admitted.add(account.nkey());
        }

        @Override
        public void reload(Broker.Spec spec, Duration patience) throws InterruptedException {
            running.reload(spec, patience);
        }

        @Override
        public void stop(Duration grace) throws InterruptedException {
            running.stop(grace);
        }
    }
}
