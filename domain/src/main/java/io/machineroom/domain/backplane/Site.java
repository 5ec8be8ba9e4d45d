package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.transport.HostName;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A site as its operator registered it ({@code docs/protocol.md} section 8). Holds nothing secret.
 *
 * @param customer whose site it is
 * @param name name of the site, unique for the customer
 * @param seats the leader's; then those of two standbys, or none. Who sits there leads: the three settle among them who carries
 * @param caPin pin of the CA that signs the leaders' certificates
 * @param account NATS account of the site
 * @param seals how often those who had led it were expelled
 */
public record Site(String customer, String name, List<Seat> seats, String caPin, Broker.Account account, int seals) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /**
     * Checks itself.
     *
     * @throws PortException.Refused {@code site.place}, {@code site.leader}
     */
    public Site {
        seats = List.copyOf(seats);
        SitePlaces.check(seats);
    }

    /** A site with one place. */
    Site(String customer, String name, Seat seat, String caPin, Broker.Account account) {
        this(customer, name, List.of(seat), caPin, account, 0);
    }

    /**
     * A place with the node that runs a broker there.
     *
     * @param identity of the node; it need not be enrolled yet
     */
    public record Seat(String identity, Place place) {
        /** Names and addresses of its certificate. */
        List<String> certifiedNames() {
            return Stream.of(place.host(), "localhost", "127.0.0.1").distinct().toList();
        }
    }

    /**
     * Where a leader is reached.
     *
     * @param host a {@link HostName}
     * @param port of its broker, 1 to 65535
     * @param gatewayPort of its gateway, 1 to 65535, another one
     * @param routePort where the two other brokers reach this one, 1 to 65535, another one; 0 at a site with one place
     */
    public record Place(String host, int port, int gatewayPort, int routePort) {
        /**
         * Checks itself.
         *
         * @throws PortException.Refused {@code site.place}
         */
        public Place {
            boolean ports = isPort(port) && isPort(gatewayPort) && port != gatewayPort;
            boolean route = routePort == 0 || isPort(routePort) && routePort != port && routePort != gatewayPort;
            if (!HostName.isHostName(host) || !ports || !route) {
                throw new PortException.Refused(
                        "site.place",
                        "a leader has a host name or an address and different ports from 1 to 65535, not " + host + " "
                                + port + " " + gatewayPort + (routePort == 0 ? "" : " " + routePort));
            }
        }

        /** Of a site with one place. */
        public Place(String host, int port, int gatewayPort) {
            this(host, port, gatewayPort, 0);
        }

        private static boolean isPort(int port) {
            return port >= 1 && port <= 65535;
        }

        private String in() {
            return new HostName(host).bracketed();
        }

        /** Whether only its own machine reaches it. */
        boolean isLoopback() {
            return new HostName(host).isLoopback();
        }

        /** {@code HOST:PORT} of the broker. */
        String address() {
            return in() + ":" + port;
        }

        /** The broker there. */
        URI broker() {
            return URI.create("tls://" + address());
        }

        /** The gateway there. */
        public URI gateway() {
            return URI.create("https://" + in() + ":" + gatewayPort);
        }

        Place routed(int port) {
            return new Place(host, this.port, gatewayPort, port);
        }
    }

    /** Key of the site's account. No customer has a dot in its name, so that none is taken for a site's. */
    static KeyRole accountKey(String customer, String site) {
        return Charter.account("site-" + customer + "." + site);
    }

    KeyRole accountKey() {
        return accountKey(customer, name);
    }

    /**
     * Checks the name of a site.
     *
     * @throws PortException.Refused {@code site.name}
     */
    static void checkName(String site) {
        if (!NAME.matcher(site).matches()) {
            throw new PortException.Refused(
                    "site.name", "'" + site + "' is no site name: a letter a-z, then at most 31 of a-z 0-9 _ -");
        }
    }

    /**
     * Checks the identity of a leader.
     *
     * @throws PortException.Refused {@code site.leader}
     */
    static void checkLeader(String identity) {
        if (!IDENTITY.matcher(identity).matches()) {
            throw new PortException.Refused(
                    "site.leader", "an identity is 1 to 128 letters, digits, '.', '_' or '-', not '" + identity + "'");
        }
    }

    String key() {
        return key(customer, name);
    }

    static String key(String customer, String site) {
        return customer + "/" + site;
    }

    /** Name of the site's account, for people; what counts is its key. */
    static String accountName(String customer, String site) {
        return "site-" + customer + "-" + site;
    }

    /** Identity of the node at the first place. */
    public String leader() {
        return seats.getFirst().identity();
    }

    /** The first place. */
    public Place place() {
        return seats.getFirst().place();
    }

    /** Those who stand by. */
    public List<Seat> standbys() {
        return seats.subList(1, seats.size());
    }

    /** Where a node of this site leads it; empty for all others. */
    Optional<Seat> seat(Origin node) {
        return seats.stream()
                .filter(seat -> seat.identity().equals(node.identity()))
                .findFirst();
    }

    /** Number of a place, from 1: whoever takes it over takes the broker's name over. */
    int member(Seat seat) {
        return seats.indexOf(seat) + 1;
    }

    /** Whether a node of this site has one of its places. */
    boolean isLedBy(Origin node) {
        return seat(node).isPresent();
    }

    /**
     * What a node of this site is to it: {@code leader} at the first place, {@code standby} at the others, else {@code follower}.
     */
    String role(Origin node) {
        return seat(node)
                .map(seat -> seat.equals(seats.getFirst()) ? "leader" : "standby")
                .orElse("follower");
    }

    /**
     * Another node at a place.
     *
     * @param before who has it now
     * @throws PortException.Refused {@code site.leader} when nobody of that name has one
     */
    Site ledBy(String identity, String before) {
        held(before);
        return seated(seats.stream()
                .map(seat -> seat.identity().equals(before) ? new Seat(identity, seat.place()) : seat)
                .toList());
    }

    /**
     * The same with two standbys.
     *
     * @param routePort of the first place
     * @throws PortException.Refused {@code site.place}, {@code site.leader}
     */
    Site with(int routePort, List<Seat> standbys) {
        Seat first = new Seat(leader(), place().routed(routePort));
        return seated(Stream.concat(Stream.of(first), standbys.stream()).toList());
    }

    /**
     * The same with one of its places alone.
     *
     * @param kept who has it
     * @throws PortException.Refused {@code site.leader} when nobody of that name has one
     */
    Site alone(String kept) {
        return seated(List.of(new Seat(kept, held(kept).place().routed(0))));
    }

    private Seat held(String identity) {
        return seats.stream()
                .filter(seat -> seat.identity().equals(identity))
                .findFirst()
                .orElseThrow(() -> new PortException.Refused(
                        "site.leader",
                        "'" + identity + "' has no place at site '" + name + "'; its places have "
                                + seats.stream().map(Seat::identity).toList()));
    }

    private Site seated(List<Seat> others) {
        return new Site(customer, name, others, caPin, account, seals);
    }

    /** The same with an account that those who had led it are nobody in. */
    Site sealed(String accountJwt) {
        return new Site(customer, name, seats, caPin, new Broker.Account(account.nkey(), accountJwt), seals + 1);
    }

    /** The places, the first one first. A node tries them in an order of chance, so that the load spreads. */
    List<Place> places() {
        return seats.stream().map(Seat::place).toList();
    }

    /** The gateways, the first place's first. */
    public List<URI> gateways() {
        return seats.stream().map(seat -> seat.place().gateway()).toList();
    }

    /** As its file and {@code site list} have it. */
    public Value.Obj document() {
        Value.Obj out = Value.obj("customer", Value.text(customer), "site", Value.text(name))
                .with("leader", Value.text(leader()));
        Value.Obj places = SitePlaces.write(out, seats);
        return (seals == 0 ? places : places.with("seals", Value.num(seals)))
                .with("ca_pin", Value.text(caPin))
                .with("nkey", Value.text(account.nkey()))
                .with("account_jwt", Value.text(account.jwt()));
    }

    /**
     * Reads a file; one of a backplane that knew no standbys too.
     *
     * @throws java.util.NoSuchElementException when a field is missing
     * @throws PortException.Refused {@code site.place}, {@code site.leader}
     */
    static Site of(Value.Obj document) {
        return new Site(
                document.text("customer").orElseThrow(),
                document.text("site").orElseThrow(),
                SitePlaces.read(document),
                document.text("ca_pin").orElseThrow(),
                new Broker.Account(
                        document.text("nkey").orElseThrow(),
                        document.text("account_jwt").orElseThrow()),
                document.whole("seals").map(Math::toIntExact).orElse(0));
    }
}
