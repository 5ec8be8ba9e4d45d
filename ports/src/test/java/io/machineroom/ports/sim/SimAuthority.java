package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Credentials of simulated brokers: readable text with a signature behind it. */
public final class SimAuthority implements BrokerAuthority {
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
            "$JS.API.STREAM.MSG.DELETE.KV_CHORIA_SERVICES");

    private static String signed(Keyring keys, KeyRole issuer, String text) {
        if (!keys.has(issuer)) {
            throw new PortException.Refused("key.missing", "there is no key '" + issuer.name() + "'");
        }
        byte[] signature = keys.sign(issuer, text.getBytes(StandardCharsets.UTF_8));
        return text.replace(' ', '_') + "." + HexFormat.of().formatHex(signature);
    }

    @Override
    public String operator(Keyring keys, KeyRole operator, String name, String systemAccountNkey) {
        return signed(keys, operator, "operator " + name + " " + systemAccountNkey);
    }

    @Override
    public String account(Keyring keys, KeyRole operator, AccountGrant grant) {
        String revoked = grant.revoked().isEmpty() ? "" : " " + new TreeMap<>(grant.revoked());
        return signed(
                keys,
                operator,
                "account " + grant.nkey() + " " + grant.name() + " " + grant.jetStream() + " " + grant.maxStoreBytes()
                        + revoked);
    }

    @Override
    public String user(Keyring keys, KeyRole account, UserGrant grant) {
        return signed(keys, account, "user " + grant);
    }

    @Override
    public byte[] credentials(String userJwt, Secret userSeed) {
        String stars = "*".repeat(61);
        return userSeed.useText(seed -> String.join(
                        "\n",
                        "-----BEGIN NATS USER JWT-----",
                        userJwt,
                        "------END NATS USER JWT------",
                        "",
                        "-----BEGIN USER NKEY SEED-----",
                        seed,
                        "------END USER NKEY SEED------",
                        "",
                        stars,
                        "")
                .getBytes(StandardCharsets.US_ASCII));
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
