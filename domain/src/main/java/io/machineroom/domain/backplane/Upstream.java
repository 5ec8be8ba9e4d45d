package io.machineroom.domain.backplane;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority.UserGrant;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom a node reports to, and as whom: the SaaS as itself, the SaaS as the leader of its site, or the leader of its site.
 * The role is that of the register now, whatever it was when the node enrolled. Belongs to the desk.
 */
final class Upstream {
    private final Enroller.Parts parts;

    Upstream(Enroller.Parts parts) {
        this.parts = parts;
    }

    /**
     * What an answer says of it.
     *
     * @param ways what the node connects to
     * @param natsJwt its user there; empty without NATS
     * @param pin CA of gateway and broker there
     * @param settings what the register says over the vendor's configuration
     * @param siteBroker what a leader needs to run its site's broker
     */
    record Reach(Ways ways, String natsJwt, String pin, Map<String, String> settings, Optional<Value.Obj> siteBroker) {}

    /**
     * The part of a node.
     *
     * @param saas how the backplane is reached
     * @param until when the node's token ends
     */
    Reach of(Origin node, Ways saas, Instant until) {
        Optional<Site> site = parts.book().sites().of(node);
        if (site.isEmpty()) {
            String jwt = user(node, saas, () -> parts.authority().nodeGrant(node.nodeKey(), node.identity(), null));
            return new Reach(saas, jwt, parts.charter().caPin(), Map.of(), Optional.empty());
        }
        return site.get().isLedBy(node) ? leader(node, site.get(), saas, until) : follower(node, site.get(), saas);
    }

    private String user(Origin node, Ways saas, Supplier<UserGrant> grant) {
        return saas.nats().isEmpty() ? "" : sign(Charter.account(node.customer()), grant.get());
    }

    private String sign(KeyRole account, UserGrant grant) {
        return parts.authority().user(parts.keys(), account, grant);
    }

    /** A replaced leader must not speak for the site for ever, so its word ends with its token; over HTTPS it ends at once. */
    private Reach leader(Origin node, Site site, Ways saas, Instant until) {
        UserGrant own = new UserGrant(node.nodeKey(), node.identity(), List.of(">"), List.of(">"), null);
        URI first = Stream.concat(saas.nats().stream(), saas.https().stream())
                .findFirst()
                .orElseThrow();
        return new Reach(
                saas,
                user(
                        node,
                        saas,
                        () -> parts.authority().leaderGrant(node.nodeKey(), node.identity(), site.name(), until)),
                parts.charter().caPin(),
                settings(site, "leader", first.toString()),
                Optional.of(siteBroker(site, sign(site.accountKey(), own))));
    }

    private Reach follower(Origin node, Site site, Ways saas) {
        UserGrant grant = parts.authority().followerGrant(node.nodeKey(), node.identity(), null);
        return new Reach(
                new Ways(List.of(site.gateway()), List.of(site.broker())),
                sign(site.accountKey(), grant),
                site.caPin(),
                more(settings(site, "follower", site.address()), saas),
                Optional.empty());
    }

    /** Whose artifacts the leader keeps. */
    private static Map<String, String> more(Map<String, String> settings, Ways saas) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(
                "machine_room.source.gateways",
                saas.https().stream().map(URI::toString).collect(Collectors.joining(",")));
        return all;
    }

    private static Map<String, String> settings(Site site, String role, String source) {
        return Map.of(
                "machine_room.role", role,
                "machine_room.site", site.name(),
                "machine_room.source.host", source);
    }

    private Value.Obj siteBroker(Site site, String userJwt) {
        Charter charter = parts.charter();
        return Value.obj(
                        "host", Value.text(site.place().host()),
                        "port", Value.num(site.place().port()),
                        "gateway_port", Value.num(site.place().gatewayPort()))
                .with("operator_jwt", Value.text(charter.operatorJwt()))
                .with("system_account", Value.text(charter.systemAccount()))
                .with("accounts", Value.arr(account(charter.system()), account(site.account())))
                .with("user_jwt", Value.text(userJwt));
    }

    private static Value account(Broker.Account account) {
        return Value.obj("nkey", Value.text(account.nkey()), "jwt", Value.text(account.jwt()));
    }
}
