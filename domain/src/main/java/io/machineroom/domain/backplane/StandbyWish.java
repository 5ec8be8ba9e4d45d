package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What an operator wants of the standbys of a site.
 *
 * @param routePort where the two brokers reach the first place's; empty: where they do now, else {@link SitePorts#ROUTE}
 * @param standbys two in any order, or none to take them away
 * @param keep with none: who leads alone from then on; empty: who has the first place
 * @param force does it also when one of them is no node of the site yet
 */
public record StandbyWish(
        String customer,
        String site,
        Optional<Integer> routePort,
        List<Site.Seat> standbys,
        Optional<String> keep,
        boolean force) {
    public StandbyWish {
        standbys = List.copyOf(standbys);
    }

    /** Two shall stand by. */
    public static StandbyWish two(String customer, String site, Optional<Integer> routePort, List<Site.Seat> standbys) {
        return new StandbyWish(customer, site, routePort, standbys, Optional.empty(), false);
    }

    /** Nobody shall stand by any more. */
    public static StandbyWish none(String customer, String site, Optional<String> keep) {
        return new StandbyWish(customer, site, Optional.empty(), List.of(), keep, false);
    }

    /** The same, whether or not those who are named are nodes of the site. */
    public StandbyWish forced() {
        return new StandbyWish(customer, site, routePort, standbys, keep, true);
    }

    /**
     * Reads what {@code site standby} sends to a running backplane.
     *
     * @throws PortException.Refused {@code control.command}, {@code site.place}
     */
    static StandbyWish of(Value.Obj request) {
        try {
            return new StandbyWish(
                    ControlDesk.field(request, "customer"),
                    ControlDesk.field(request, "site"),
                    request.whole("route_port").map(Math::toIntExact),
                    SitePlaces.standbys(request),
                    request.text("keep"),
                    request.bool("force").orElse(false));
        } catch (NoSuchElementException | ArithmeticException malformed) {
            throw new PortException.Refused(
                    "control.command", "field 'standbys' or 'route_port' is malformed", malformed);
        }
    }

    /** As it is sent. */
    public Value.Obj document() {
        Value.Obj out = SitePlaces.standbys(standbys)
                .with("customer", Value.text(customer))
                .with("site", Value.text(site))
                .with("force", Value.bool(force));
        Value.Obj routed =
                routePort.map(port -> out.with("route_port", Value.num(port))).orElse(out);
        return keep.map(who -> routed.with("keep", Value.text(who))).orElse(routed);
    }
}
