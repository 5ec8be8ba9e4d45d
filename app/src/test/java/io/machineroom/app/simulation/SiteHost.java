package io.machineroom.app.simulation;

import io.machineroom.domain.backplane.Site;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimStreams;
import java.util.ArrayList;
import java.util.List;

/** A site of a simulated world; a leader's box has the leader's identity as its name. */
final class SiteHost {
    private final Site site;
    private final Secret token;
    private final List<NodeBox> followers;
    private final List<Place> places = new ArrayList<>();
    private int leaders;

    /**
     * Where one leads.
     *
     * @param host the name under which nodes look for it
     * @param node on the box that the name leads to
     */
    record Place(String host, NodeBox node) {}

    /**
     * A site.
     *
     * @param site as it was registered; who leads it now is {@link #leader}
     * @param token that its nodes enrol with
     * @param nodes the leaders first
     */
    SiteHost(Site site, Secret token, List<NodeBox> nodes) {
        this.site = site;
        this.token = token;
        for (Site.Seat seat : site.seats()) {
            places.add(new Place(seat.place().host(), nodes.get(places.size())));
        }
        this.leaders = places.size();
        this.followers = List.copyOf(nodes.subList(places.size(), nodes.size()));
    }

    String name() {
        return site.name();
    }

    List<Place> places() {
        return List.copyOf(places);
    }

    String caPin() {
        return site.caPin();
    }

    Secret token() {
        return token;
    }

    /** Who leads it; of three the one that carries, or the first while none does. */
    NodeBox leader() {
        return places.stream()
                .map(Place::node)
                .filter(SiteHost::carries)
                .findFirst()
                .orElse(places.getFirst().node());
    }

    /** Those who lead or could, the leader first. */
    List<NodeBox> leadersFirst() {
        NodeBox leader = leader();
        List<NodeBox> all = new ArrayList<>(List.of(leader));
        places.stream().map(Place::node).filter(node -> node != leader).forEach(all::add);
        return all;
    }

    static boolean carries(NodeBox node) {
        return node.ready() && leads(node).text("standing").orElse("").equals("carrying");
    }

    /** What a node says of the site that it leads. */
    static Value.Obj leads(NodeBox node) {
        return node.status()
                .obj("machine_room")
                .flatMap(room -> room.obj("leads"))
                .orElse(Value.obj());
    }

    List<NodeBox> followers() {
        return followers;
    }

    /** What its brokers store. */
    SimStreams store() {
        return leader().doors().store();
    }

    /** Identity for a node that leads it instead of one before. */
    String nextLeader() {
        leaders++;
        return "lead-" + name() + "-" + leaders;
    }

    /** Another one takes the place of one; returns the name that leads to it from now on. */
    String led(NodeBox by, NodeBox insteadOf) {
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            if (place.node() == insteadOf) {
                places.set(i, new Place(place.host(), by));
                return place.host();
            }
        }
        throw new IllegalArgumentException(insteadOf.identity() + " has no place at " + name());
    }
}
