package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The places of a site as fields of a document, and what they must be together: one, or three that do not meet. */
final class SitePlaces {
    /** A majority of them is two: one may be lost. Two would be no better than one. */
    static final int WITH_STANDBYS = 3;

    private SitePlaces() {}

    /** Adds them: the first as fields of the site, as before there were standbys. */
    static Value.Obj write(Value.Obj out, List<Site.Seat> seats) {
        Value.Obj first = place(out, seats.getFirst().place());
        if (seats.size() == 1) {
            return first;
        }
        List<Value> standbys = new ArrayList<>();
        for (Site.Seat seat : seats.subList(1, seats.size())) {
            standbys.add(place(Value.obj("identity", Value.text(seat.identity())), seat.place()));
        }
        return first.with("standbys", new Value.Arr(standbys));
    }

    private static Value.Obj place(Value.Obj out, Site.Place place) {
        Value.Obj all = out.with("host", Value.text(place.host()))
                .with("port", Value.num(place.port()))
                .with("gateway_port", Value.num(place.gatewayPort()));
        return place.routePort() == 0 ? all : all.with("route_port", Value.num(place.routePort()));
    }

    /**
     * Reads them.
     *
     * @throws java.util.NoSuchElementException when a field is missing
     * @throws PortException.Refused {@code site.place}
     */
    static List<Site.Seat> read(Value.Obj in) {
        List<Site.Seat> seats = new ArrayList<>();
        seats.add(new Site.Seat(in.text("leader").orElseThrow(), place(in)));
        seats.addAll(standbys(in));
        return seats;
    }

    /**
     * Reads those of the standbys alone; none when there are none.
     *
     * @throws java.util.NoSuchElementException when a field is missing
     * @throws PortException.Refused {@code site.place}
     */
    static List<Site.Seat> standbys(Value.Obj in) {
        List<Site.Seat> seats = new ArrayList<>();
        if (in.get("standbys").orElse(null) instanceof Value.Arr all) {
            for (Value one : all.items()) {
                Value.Obj seat = one instanceof Value.Obj object ? object : Value.obj();
                seats.add(new Site.Seat(seat.text("identity").orElseThrow(), place(seat)));
            }
        }
        return seats;
    }

    /** Of a list of standbys, as a command sends them. */
    static Value.Obj standbys(List<Site.Seat> seats) {
        return Value.obj(
                "standbys",
                new Value.Arr(seats.stream()
                        .<Value>map(seat -> place(Value.obj("identity", Value.text(seat.identity())), seat.place()))
                        .toList()));
    }

    private static Site.Place place(Value.Obj in) {
        return new Site.Place(in.text("host").orElseThrow(), port(in, "port"), port(in, "gateway_port"), route(in));
    }

    private static int port(Value.Obj in, String name) {
        return Math.toIntExact(in.whole(name).orElseThrow());
    }

    private static int route(Value.Obj in) {
        Optional<Long> port = in.whole("route_port");
        return port.map(Math::toIntExact).orElse(0);
    }

    /**
     * Checks that the places of a site go together.
     *
     * @throws PortException.Refused {@code site.place} unless there is one without a route port or three with one, of which no
     *     two share a port of a host; {@code site.leader} when a node has two of them
     */
    static void check(List<Site.Seat> seats) {
        boolean clustered = seats.size() == WITH_STANDBYS;
        if (seats.size() != 1 && !clustered) {
            throw place(
                    "a site has one place or three, the leader's and those of two standbys: a majority must be able to"
                            + " decide, and of two there is none without both");
        }
        if (seats.stream().anyMatch(seat -> (seat.place().routePort() > 0) != clustered)) {
            throw place("each of three places has a port for the routes between the brokers, a place alone has none");
        }
        Set<String> identities = new HashSet<>();
        Set<String> ends = new HashSet<>();
        for (Site.Seat seat : seats) {
            if (!identities.add(seat.identity())) {
                throw new PortException.Refused(
                        "site.leader",
                        "'" + seat.identity() + "' has a place at this site already, and a node has one of them");
            }
            Site.Place at = seat.place();
            Stream.of(at.port(), at.gatewayPort(), at.routePort())
                    .filter(port -> port > 0 && !ends.add(at.host() + " " + port))
                    .findFirst()
                    .ifPresent(port -> {
                        throw place("two places of a site have port " + port + " of " + at.host());
                    });
        }
    }

    private static PortException.Refused place(String why) {
        return new PortException.Refused("site.place", why);
    }
}
