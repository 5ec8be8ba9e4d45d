package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a site becomes when its operator names standbys or takes them away. Two of the three brokers must run and keep their
 * stores, so what would stop two of them at once is refused.
 */
public final class SiteStandbys {
    private static final String PLACE = "site.place";

    private final Site before;
    private final Function<String, Optional<EnrolledNode>> enrolled;

    /**
     * For one site.
     *
     * @param enrolled the node of its customer that has an identity
     */
    SiteStandbys(Site before, Function<String, Optional<EnrolledNode>> enrolled) {
        this.before = before;
        this.enrolled = enrolled;
    }

    /**
     * What came of it.
     *
     * @param startsAnew whether the site goes on with another store, because it has another number of places
     * @param warnings what the operator should look at: who has a place and is no node of the site yet
     */
    public record Outcome(Site site, boolean startsAnew, List<String> warnings) {
        public Outcome {
            warnings = List.copyOf(warnings);
        }

        /** As it is sent: the site, {@code starts_anew}, and {@code warnings} when there are any. */
        public Value.Obj document() {
            Value.Obj out = site.document().with("starts_anew", Value.bool(startsAnew));
            return warnings.isEmpty()
                    ? out
                    : out.with(
                            "warnings",
                            new Value.Arr(
                                    warnings.stream().<Value>map(Value::text).toList()));
        }
    }

    /**
     * The site as it is wanted.
     *
     * @throws PortException.Refused {@code site.leader}, {@code site.place}, {@code site.standby}
     */
    Outcome become(StandbyWish wish) {
        return wish.standbys().isEmpty() ? alone(wish) : three(wish);
    }

    private Outcome alone(StandbyWish wish) {
        Site after = before.alone(wish.keep().orElse(before.leader()));
        return new Outcome(after, !before.standbys().isEmpty(), List.of());
    }

    private Outcome three(StandbyWish wish) {
        wish.standbys().forEach(seat -> Site.checkLeader(seat.identity()));
        if (wish.standbys().size() != SitePlaces.WITH_STANDBYS - 1) {
            throw place("a site has two standbys or none: a majority must be able to decide");
        }
        int present = before.place().routePort();
        int routePort = wish.routePort().orElse(present == 0 ? SitePorts.ROUTE : present);
        Site wanted = before.with(routePort, wish.standbys());
        checkReach(wanted);
        List<Site.Seat> newcomers = newcomers(wish);
        Site after = before.standbys().isEmpty()
                ? wanted
                : before.with(routePort, atTheirPlaces(wish.standbys(), newcomers));
        return new Outcome(after, before.standbys().isEmpty(), checkEnrolled(newcomers, wish.force()));
    }

    private List<Site.Seat> newcomers(StandbyWish wish) {
        Set<String> known = before.seats().stream().map(Site.Seat::identity).collect(Collectors.toSet());
        return wish.standbys().stream()
                .filter(seat -> !known.contains(seat.identity()))
                .toList();
    }

    /** A broker has its name, and its store, by the number of its place: whoever stays keeps it, who comes gets that of who goes. */
    private List<Site.Seat> atTheirPlaces(List<Site.Seat> wanted, List<Site.Seat> newcomers) {
        if (newcomers.size() > 1) {
            throw place("one machine of a site with standbys is replaced at a time, and "
                    + named(newcomers.stream()) + " are both new: two of the three stores would be empty."
                    + " Use: backplane site leader " + before.customer() + " " + before.name()
                    + " NEW --instead-of OLD, and for the next one again when all three places are seen");
        }
        List<Site.Seat> out = new ArrayList<>();
        for (Site.Seat place : before.standbys()) {
            out.add(wanted.stream()
                    .filter(seat -> seat.identity().equals(place.identity()))
                    .findFirst()
                    .orElseGet(newcomers::getFirst));
        }
        return out;
    }

    /** A host that only its own machine reaches is good for three brokers on one machine, and for nothing else. */
    private static void checkReach(Site wanted) {
        List<Site.Seat> inside = wanted.seats().stream()
                .filter(seat -> seat.place().isLoopback())
                .toList();
        if (!inside.isEmpty() && inside.size() < wanted.seats().size()) {
            throw place("the host of " + named(inside.stream())
                    + " is reached from its own machine only, and the others are elsewhere: give it one that the two"
                    + " others and the nodes of the site reach. That of the first place is what site add was told: site"
                    + " remove, then site add with another --host");
        }
    }

    /** Who is there already was looked at when he came. */
    private List<String> checkEnrolled(List<Site.Seat> newcomers, boolean force) {
        List<String> faults = newcomers.stream()
                .flatMap(seat -> fault(seat.identity()).stream())
                .toList();
        if (!faults.isEmpty() && !force) {
            throw new PortException.Refused(
                    "site.standby",
                    String.join("; ", faults)
                            + ": it would run no broker, and without two of the three the site stands still. Is the name"
                            + " right (backplane nodes)? Then enrol it with a token of site '" + before.name()
                            + "' first; or say --force when its machine is still to be installed");
        }
        return faults;
    }

    /** What is to be said of a node that is given a place: empty for one of the site. */
    List<String> strangers(String identity) {
        return fault(identity)
                .map(fault -> fault + ": nobody is at its place until it is, with a token of site '" + before.name()
                        + "'; is the name right (backplane nodes)?")
                .stream()
                .toList();
    }

    private Optional<String> fault(String identity) {
        Optional<EnrolledNode> node = enrolled.apply(identity);
        if (node.isEmpty()) {
            return Optional.of("'" + identity + "' is not enrolled");
        }
        String site = node.get().origin().site();
        if (site.equals(before.name())) {
            return Optional.empty();
        }
        return Optional.of(
                "'" + identity + "' is enrolled " + (site.isEmpty() ? "without a site" : "at site '" + site + "'"));
    }

    private static String named(Stream<Site.Seat> seats) {
        return seats.map(seat -> "'" + seat.identity() + "'").collect(Collectors.joining(" and "));
    }

    private static PortException.Refused place(String why) {
        return new PortException.Refused(PLACE, why);
    }
}
