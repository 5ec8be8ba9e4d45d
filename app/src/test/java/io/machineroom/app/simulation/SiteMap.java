package io.machineroom.app.simulation;

import io.machineroom.domain.backplane.Site;
import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.ports.data.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sites of a simulated world: where their names lead, and who speaks to whom. */
final class SiteMap {
    private static final int PORT = 9222;
    private static final int ROUTE_PORT = 9224;

    private final SimWorld world;
    private final List<SiteHost> sites = new ArrayList<>();

    /**
     * Where a box is found.
     *
     * @param host the name that leads to it
     * @param caPin of whom certificates shown under that name are
     */
    record Door(String host, String caPin) {}

    SiteMap(SimWorld world) {
        this.world = world;
    }

    List<SiteHost> sites() {
        return sites;
    }

    /** Registers a site with these nodes, of which the first leads, and starts them. */
    SiteHost site(String name, List<String> identities, Map<String, String> machines) {
        return settle(register(name, identities), identities, machines);
    }

    /** The same with three places: of these nodes the first leads, the two next stand by. */
    SiteHost siteWithStandbys(String name, List<String> identities, Map<String, String> machines) {
        register(name, identities);
        return settle(
                world.saas().standBy(name, ROUTE_PORT, List.of(seat(name, identities, 1), seat(name, identities, 2))),
                identities,
                machines);
    }

    private Site register(String name, List<String> identities) {
        return world.saas()
                .addSite(new SiteOffice.Plan(
                        Saas.CUSTOMER, name, identities.getFirst(), new Site.Place("leader." + name, PORT, PORT + 1)));
    }

    private static Site.Seat seat(String name, List<String> identities, int number) {
        return new Site.Seat(
                identities.get(number), new Site.Place("standby" + number + "." + name, PORT, PORT + 1, ROUTE_PORT));
    }

    private SiteHost settle(Site site, List<String> identities, Map<String, String> machines) {
        for (Site.Seat seat : site.seats()) {
            world.network().name(seat.place().host(), seat.identity());
            world.network().pin(seat.place().host(), site.caPin());
        }
        Secret token = world.saas().token(site);
        List<NodeBox> all = identities.stream()
                .map(identity -> world.node(identity, machines, token, site.name()))
                .toList();
        SiteHost made = new SiteHost(site, token, all);
        sites.add(made);
        all.forEach(NodeBox::start);
        return made;
    }

    /** Another node, on a box that was never here, has a place of a site from now on; its name leads there. It is to be started. */
    NodeBox relieve(SiteHost site, NodeBox before, Map<String, String> machines) {
        NodeBox fresh = world.node(site.nextLeader(), machines, site.token(), site.name());
        String host = site.led(fresh, before);
        world.web().close(host);
        world.network().name(host, fresh.box().name());
        return fresh;
    }

    /** The name of a site that leads to that box. */
    Optional<Door> door(Box box) {
        for (SiteHost site : sites) {
            for (SiteHost.Place place : site.places()) {
                if (place.node().box().name().equals(box.name())) {
                    return Optional.of(new Door(place.host(), site.caPin()));
                }
            }
        }
        return Optional.empty();
    }

    /** The hosts that a node speaks to over HTTPS. */
    List<String> gateways(NodeBox node) {
        return leadersOf(node).isEmpty()
                ? List.of(Saas.GATE)
                : leadersOf(node).stream().map(box -> box + SimulatedWeb.DOOR).toList();
    }

    /** The hosts that a node speaks to over NATS. */
    List<String> brokers(NodeBox node) {
        return leadersOf(node).isEmpty() ? List.of(Saas.BROKER) : leadersOf(node);
    }

    /** All of them. */
    List<String> servers(NodeBox node) {
        List<String> all = new ArrayList<>(gateways(node));
        all.addAll(brokers(node));
        return all;
    }

    /** Boxes of those who lead a node; empty for one that speaks to the SaaS. */
    private List<String> leadersOf(NodeBox node) {
        for (SiteHost site : sites) {
            List<String> identities =
                    site.places().stream().map(place -> place.node().identity()).toList();
            if (world.belongs(node, site.name()) && !identities.contains(node.identity())) {
                return identities;
            }
        }
        return List.of();
    }
}
