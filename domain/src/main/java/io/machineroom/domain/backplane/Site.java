package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A site as its operator registered it ({@code docs/protocol.md} section 8). Holds nothing secret.
 *
 * @param customer whose site it is
 * @param name name of the site, unique for the customer
 * @param leader identity of the node that leads it
 * @param place where the nodes of the site reach their leader
 * @param caPin pin of the CA that signs the leader's certificate
 * @param account NATS account of the site
 */
public record Site(String customer, String name, String leader, Place place, String caPin, Broker.Account account) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    /** A DNS name, an IPv4 or an IPv6 address without brackets: what a certificate can be made for. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}");

    /**
     * Where a leader is reached.
     *
     * @param host name or address, without brackets
     * @param port of its broker, 1 to 65535
     * @param gatewayPort of its gateway, 1 to 65535, another one
     */
    public record Place(String host, int port, int gatewayPort) {
        /**
         * Checks itself.
         *
         * @throws PortException.Refused {@code site.place}
         */
        public Place {
            boolean ports = isPort(port) && isPort(gatewayPort) && port != gatewayPort;
            if (!HOST.matcher(host).matches() || !ports) {
                throw new PortException.Refused(
                        "site.place",
                        "a leader has a host name or an address and two different ports from 1 to 65535, not " + host
                                + " " + port + " " + gatewayPort);
            }
        }

        private static boolean isPort(int port) {
            return port >= 1 && port <= 65535;
        }

        private String in() {
            return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
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

    /** Whether a node of this site is the one that leads it. */
    boolean isLedBy(Origin node) {
        return node.identity().equals(leader);
    }

    Site ledBy(String identity) {
        return new Site(customer, name, identity, place, caPin, account);
    }

    /** {@code HOST:PORT} of the leader's broker. */
    String address() {
        return place.in() + ":" + place.port();
    }

    /** The leader's broker. */
    URI broker() {
        return URI.create("tls://" + address());
    }

    /** The leader's gateway. */
    public URI gateway() {
        return URI.create("https://" + place.in() + ":" + place.gatewayPort());
    }

    /** Names and addresses of the leader's certificate. */
    List<String> certifiedNames() {
        return Stream.of(place.host(), "localhost", "127.0.0.1").distinct().toList();
    }

    /** As its file and {@code site list} have it. */
    public Value.Obj document() {
        return Value.obj("customer", Value.text(customer), "site", Value.text(name), "leader", Value.text(leader))
                .with("host", Value.text(place.host()))
                .with("port", Value.num(place.port()))
                .with("gateway_port", Value.num(place.gatewayPort()))
                .with("ca_pin", Value.text(caPin))
                .with("nkey", Value.text(account.nkey()))
                .with("account_jwt", Value.text(account.jwt()));
    }

    /**
     * Reads a file.
     *
     * @throws java.util.NoSuchElementException when a field is missing
     */
    static Site of(Value.Obj document) {
        Place place = new Place(
                document.text("host").orElseThrow(),
                Math.toIntExact(document.whole("port").orElseThrow()),
                Math.toIntExact(document.whole("gateway_port").orElseThrow()));
        return new Site(
                document.text("customer").orElseThrow(),
                document.text("site").orElseThrow(),
                document.text("leader").orElseThrow(),
                place,
                document.text("ca_pin").orElseThrow(),
                new Broker.Account(
                        document.text("nkey").orElseThrow(),
                        document.text("account_jwt").orElseThrow()));
    }
}
