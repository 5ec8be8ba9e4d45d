package io.machineroom.domain.backplane;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority.UserGrant;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
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
    /** Whom the routes between the brokers of a site let in. */
    private static final String ROUTE_USER = "route";

    private final Enroller.Parts parts;

    Upstream(Enroller.Parts parts) {
        this.parts = parts;
    }

    /**
     * What an answer says of it.
     *
     * @param ways what the node connects to
     * @param natsJwt its user there; empty without NATS
     * @param pins CAs of gateways and brokers there
     * @param settings what the register says over the vendor's configuration
     * @param siteBroker what a leader needs to run its site's broker
     */
    record Reach(
            Ways ways,
            String natsJwt,
            List<String> pins,
            Map<String, String> settings,
            Optional<Value.Obj> siteBroker) {}

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
            return new Reach(saas, jwt, List.of(parts.charter().caPin()), Map.of(), Optional.empty());
        }
        return site.get()
                .seat(node)
                .map(seat -> leader(node, site.get(), seat, saas, until))
                .orElseGet(() -> follower(node, site.get(), saas));
    }

    private String user(Origin node, Ways saas, Supplier<UserGrant> grant) {
        return saas.nats().isEmpty() ? "" : sign(Charter.account(node.customer()), grant.get());
    }

    private String sign(KeyRole account, UserGrant grant) {
        return parts.authority().user(parts.keys(), account, grant);
    }

    /**
     * A replaced leader must not speak for the site for ever, so its word at the SaaS ends with its token; over HTTPS it ends at
     * once. Its user at the brokers of the site has no end: a site goes on however long it is offline. It is written down, to be
     * taken back ({@link SiteOffice#expel}).
     */
    private Reach leader(Origin node, Site site, Site.Seat seat, Ways saas, Instant until) {
        UserGrant own = new UserGrant(node.nodeKey(), node.identity(), List.of(">"), List.of(">"), null);
        URI first = Stream.concat(saas.nats().stream(), saas.https().stream())
                .findFirst()
                .orElseThrow();
        String ownJwt = sign(site.accountKey(), own);
        parts.book().sites().leaders().given(site, node, parts.time().wall());
        return new Reach(
                saas,
                user(
                        node,
                        saas,
                        () -> parts.authority().leaderGrant(node.nodeKey(), node.identity(), site.name(), until)),
                List.of(parts.charter().caPin()),
                settings(site, "leader", first.toString()),
                Optional.of(siteBroker(site, seat, ownJwt)));
    }

    /** It takes the SaaS's CA too: when nobody of its site answers, it renews its enrolment there. */
    private Reach follower(Origin node, Site site, Ways saas) {
        UserGrant grant = parts.authority().followerGrant(node.nodeKey(), node.identity(), null);
        List<Site.Place> places = site.places();
        return new Reach(
                new Ways(
                        places.stream().map(Site.Place::gateway).toList(),
                        places.stream().map(Site.Place::broker).toList()),
                sign(site.accountKey(), grant),
                List.of(site.caPin(), parts.charter().caPin()),
                more(settings(site, "follower", places.getFirst().address()), saas),
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

    private Value.Obj siteBroker(Site site, Site.Seat seat, String userJwt) {
        Charter charter = parts.charter();
        Value.Obj broker = Value.obj(
                        "host", Value.text(seat.place().host()),
                        "port", Value.num(seat.place().port()),
                        "gateway_port", Value.num(seat.place().gatewayPort()))
                .with("operator_jwt", Value.text(charter.operatorJwt()))
                .with("system_account", Value.text(charter.systemAccount()))
                .with("accounts", Value.arr(account(charter.system()), account(site.account())))
                .with("user_jwt", Value.text(userJwt));
        return site.standbys().isEmpty() ? broker : broker.with("cluster", cluster(site, seat));
    }

    /** The brokers of a site with standbys, as one of them needs to know them. */
    private Value.Obj cluster(Site site, Site.Seat seat) {
        List<Value> routes = new ArrayList<>();
        for (Site.Seat other : site.seats()) {
            routes.add(Value.obj("host", Value.text(other.place().host()))
                    .with("member", Value.num(site.member(other)))
                    .with("port", Value.num(other.place().routePort())));
        }
        return Value.obj("name", Value.text(site.customer() + "-" + site.name()))
                .with("member", Value.num(site.member(seat)))
                .with("route_port", Value.num(seat.place().routePort()))
                .with("user", Value.text(ROUTE_USER))
                .with("password", Value.text(routePassword(site)))
                .with("routes", new Value.Arr(routes));
    }

    /**
     * Stored nowhere, and the same for all three: a hash of what only the key of the site's account can write. Another one each
     * time that those who had led the site are expelled.
     */
    private String routePassword(Site site) {
        String seal = site.seals() == 0 ? "" : " " + site.seals();
        byte[] text = ("machine-room route " + site.key() + seal).getBytes(StandardCharsets.UTF_8);
        return parts.signatures().sha256(parts.keys().sign(site.accountKey(), text));
    }

    private static Value account(Broker.Account account) {
        return Value.obj("nkey", Value.text(account.nkey()), "jwt", Value.text(account.jwt()));
    }
}
