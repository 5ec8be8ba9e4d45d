package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operator, account and user JWTs of NATS, version 2, and credentials files. */
final class NatsAuthority implements BrokerAuthority {
    private static final Value UNLIMITED = Value.num(-1);

    /** What nodes of one account share. */
    private static final List<String> SHARED = List.of(
            "$JS.API.DIRECT.GET.KV_CONFIG",
            "$JS.API.DIRECT.GET.KV_CONFIG.$KV.CONFIG.>",
            "choria.governor.*",
            "choria.gossip.>",
            "$KV.CHORIA_SERVICES.>",
            "$JS.API.STREAM.NAMES",
            "$JS.API.STREAM.INFO.*",
            "$JS.API.STREAM.MSG.DELETE.*");

    /** No wildcard says "streams of governors": those that are none are named. */
    private static final List<String> CLOSED = List.of(
            "$JS.API.STREAM.INFO.MR_INTAKE",
            "$JS.API.STREAM.INFO.MR_URGENT",
            "$JS.API.STREAM.MSG.DELETE.MR_INTAKE",
            "$JS.API.STREAM.MSG.DELETE.MR_URGENT",
            "$JS.API.STREAM.MSG.DELETE.KV_CONFIG",
            "$JS.API.STREAM.MSG.DELETE.KV_CHORIA_LEADER_ELECTION",
            "$JS.API.STREAM.MSG.DELETE.KV_CHORIA_SERVICES",
            "$JS.API.STREAM.MSG.DELETE.KV_MACHINE_ROOM_SITE");

    private final NatsJwt jwt;
    private final TimeSource time;

    NatsAuthority(JsonFormat json, TimeSource time) {
        this.jwt = new NatsJwt(json);
        this.time = time;
    }

    @Override
    public String operator(Keyring keys, KeyRole operator, String name, String systemAccountNkey) {
        Value.Obj nats = Value.obj("system_account", Value.text(systemAccountNkey));
        return sign(keys, operator, nkey(keys, operator), name, typed(nats, "operator"));
    }

    @Override
    public String account(Keyring keys, KeyRole operator, AccountGrant grant) {
        Value.Obj limits = Value.obj();
        for (String limit : List.of("subs", "data", "payload", "imports", "exports", "conn", "leaf")) {
            limits = limits.with(limit, UNLIMITED);
        }
        limits = limits.with("wildcards", Value.bool(true));
        if (grant.jetStream()) {
            limits = limits.with("mem_storage", UNLIMITED)
                    .with("disk_storage", Value.num(grant.maxStoreBytes() > 0 ? grant.maxStoreBytes() : -1))
                    .with("streams", UNLIMITED)
                    .with("consumer", UNLIMITED);
        }
        Value.Obj nats =
                Value.obj("limits", limits, "default_permissions", Value.obj("pub", Value.obj(), "sub", Value.obj()));
        if (!grant.revoked().isEmpty()) {
            Map<String, Value> revoked = new TreeMap<>();
            grant.revoked().forEach((user, until) -> revoked.put(user, seconds(until)));
            nats = nats.with("revocations", Value.obj(revoked));
        }
        return sign(keys, operator, grant.nkey(), grant.name(), typed(nats, "account"));
    }

    @Override
    public String user(Keyring keys, KeyRole account, UserGrant grant) {
        Value.Obj nats = Value.obj(
                        "pub", allow(grant.publish(), grant.denied()),
                        "sub", allow(grant.subscribe(), List.of()))
                .with("subs", UNLIMITED)
                .with("data", UNLIMITED)
                .with("payload", UNLIMITED);
        Value.Obj claims = claims(keys, account, grant.userNkey(), grant.name(), typed(nats, "user"));
        Instant expires = grant.expires();
        return jwt.signed(keys, account, expires == null ? claims : claims.with("exp", seconds(expires)));
    }

    /** NATS takes an empty list for "everything", which is the opposite of what it looks like. */
    private static Value allow(List<String> subjects, List<String> denied) {
        if (subjects.isEmpty()) {
            return Value.obj("deny", Value.texts(List.of(">")));
        }
        Value.Obj allowed = Value.obj("allow", Value.texts(subjects));
        return denied.isEmpty() ? allowed : allowed.with("deny", Value.texts(denied));
    }

    private String sign(Keyring keys, KeyRole issuer, String subject, String name, Value.Obj nats) {
        return jwt.signed(keys, issuer, claims(keys, issuer, subject, name, nats));
    }

    private Value.Obj claims(Keyring keys, KeyRole issuer, String subject, String name, Value.Obj nats) {
        return Value.obj("iat", seconds(time.wall()), "iss", Value.text(nkey(keys, issuer)))
                .with("name", Value.text(name))
                .with("sub", Value.text(subject))
                .with("nats", nats);
    }

    private static Value.Obj typed(Value.Obj nats, String type) {
        return nats.with("type", Value.text(type)).with("version", Value.num(2));
    }

    private static Value seconds(Instant instant) {
        return Value.num(instant.getEpochSecond());
    }

    private static String nkey(Keyring keys, KeyRole role) {
        return keys.publicNkey(role)
                .orElseThrow(() -> new PortException.Refused("key.missing", "there is no key '" + role.name() + "'"));
    }

    @Override
    public byte[] credentials(String userJwt, Secret userSeed) {
        return userSeed.useText(seed -> """
                -----BEGIN NATS USER JWT-----
                %s
                ------END NATS USER JWT------

                ************************* IMPORTANT *************************
                NKEY Seed printed below can be used to sign and prove identity.
                NKEYs are sensitive and should be treated as secrets.

                -----BEGIN USER NKEY SEED-----
                %s
                ------END USER NKEY SEED------

                *************************************************************
                """.formatted(userJwt, seed).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public UserGrant nodeGrant(String userNkey, String identity, @Nullable Instant expires) {
        List<String> publish = new ArrayList<>(List.of("mr." + userNkey + ".>", "mu." + userNkey + ".>"));
        publish.addAll(SHARED);
        return withElections(new UserGrant(
                userNkey,
                identity,
                publish,
                CLOSED,
                List.of(
                        "_INBOX." + userNkey + ".>",
                        "machine_room.receipt." + userNkey,
                        "$KV.CONFIG.>",
                        "choria.republish.>"),
                expires));
    }

    /** The keys of the bucket of elections, and how it is made; not its stream. */
    private static UserGrant withElections(UserGrant own) {
        List<String> publish = new ArrayList<>(own.publish());
        publish.addAll(List.of(
                "$KV.CHORIA_LEADER_ELECTION.>",
                "$JS.API.DIRECT.GET.KV_CHORIA_LEADER_ELECTION",
                "$JS.API.DIRECT.GET.KV_CHORIA_LEADER_ELECTION.$KV.CHORIA_LEADER_ELECTION.>",
                "$JS.API.STREAM.INFO.KV_CHORIA_LEADER_ELECTION"));
        List<String> subscribe = new ArrayList<>(own.subscribe());
        subscribe.add("$KV.CHORIA_LEADER_ELECTION.>");
        return new UserGrant(own.userNkey(), own.name(), publish, own.denied(), subscribe, own.expires());
    }

    @Override
    public UserGrant leaderGrant(String userNkey, String identity, String site, @Nullable Instant expires) {
        if (!site.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("not the name of a site: " + site);
        }
        UserGrant own = nodeGrant(userNkey, identity, expires);
        List<String> publish = new ArrayList<>(own.publish());
        publish.add("ms." + site + ".>");
        List<String> subscribe = new ArrayList<>(own.subscribe());
        subscribe.add("machine_room.site_receipt." + site + ".>");
        return new UserGrant(userNkey, identity, publish, own.denied(), subscribe, expires);
    }

    @Override
    public UserGrant followerGrant(String userNkey, String identity, @Nullable Instant expires) {
        UserGrant own = nodeGrant(userNkey, identity, expires);
        List<String> subscribe = new ArrayList<>(own.subscribe());
        subscribe.add("machine_room.site.uplink");
        return new UserGrant(userNkey, identity, own.publish(), own.denied(), subscribe, expires);
    }
}
