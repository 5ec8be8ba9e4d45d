package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.KeyRole;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Registers sites and vouches for their leaders' certificates. Changes are for one at a time, as for {@link SiteBook};
 * {@link #certificate} may be asked by any task.
 */
public final class SiteOffice {
    /** How long a leader's certificate is good; it asks again when a third is left. */
    static final Duration CERTIFICATE = Duration.ofDays(90);

    private static final Duration CA_VALID = Duration.ofDays(3650);
    static final String CA_ROOT = "site-ca";

    private final CharterBook book;
    private final CertificateIssuer certificates;

    public SiteOffice(CharterBook book, CertificateIssuer certificates) {
        this.book = book;
        this.certificates = certificates;
    }

    /**
     * A site that is to be.
     *
     * @param leader identity of the node that will lead it; it need not be enrolled yet
     */
    public record Plan(String customer, String name, String leader, Site.Place place) {
        /**
         * Reads what {@code site add} sends to a running backplane.
         *
         * @throws PortException.Refused {@code control.command}, {@code site.place}
         */
        static Plan of(Value.Obj request) {
            return new Plan(
                    ControlDesk.field(request, "customer"),
                    ControlDesk.field(request, "site"),
                    ControlDesk.field(request, "leader"),
                    new Site.Place(
                            ControlDesk.field(request, "host"),
                            request.whole("port").map(Math::toIntExact).orElse(0),
                            request.whole("gateway_port").map(Math::toIntExact).orElse(0)));
        }

        /** As it is sent. */
        public Value.Obj document() {
            return Value.obj(
                            "customer", Value.text(customer),
                            "site", Value.text(name),
                            "leader", Value.text(leader))
                    .with("host", Value.text(place.host()))
                    .with("port", Value.num(place.port()))
                    .with("gateway_port", Value.num(place.gatewayPort()));
        }
    }

    /**
     * Public key for the account of a new site, made when there is none yet. The operator's key is offline: it signs this one.
     *
     * @throws PortException.Refused {@code site.customer}, {@code site.name}, {@code site.leader}, {@code site.exists},
     *     {@code site.too-many}
     */
    public String accountKey(Plan plan) {
        if (!book.customers().contains(plan.customer())) {
            throw new PortException.Refused("site.customer", "there is no customer '" + plan.customer() + "'");
        }
        Site.checkName(plan.name());
        Site.checkLeader(plan.leader());
        if (book.sites().find(plan.customer(), plan.name()).isPresent()) {
            throw new PortException.Refused(
                    "site.exists",
                    "customer '" + plan.customer() + "' has a site '" + plan.name()
                            + "' already; change its leader with: backplane site leader");
        }
        if (book.sites().all().size() >= SiteBook.MAX) {
            throw new PortException.Refused(
                    "site.too-many", "a backplane keeps at most " + SiteBook.MAX + " sites; make another one");
        }
        KeyRole role = Site.accountKey(plan.customer(), plan.name());
        book.keys().ensure(role);
        return book.keys().publicNkey(role).orElseThrow();
    }

    /**
     * Registers a site. The customer's first one makes its site CA.
     *
     * @param accountJwt the site's account, signed by the operator
     * @throws PortException.Refused as {@link #accountKey}; {@code customer.account} for anything else than this operator's word
     *     about this key
     */
    public Site add(Plan plan, String accountJwt) {
        String nkey = accountKey(plan);
        book.checkAccount(nkey, accountJwt);
        Broker.Account account = new Broker.Account(nkey, accountJwt);
        Site site = new Site(
                plan.customer(),
                plan.name(),
                new Site.Seat(plan.leader(), plan.place()),
                authority(plan.customer()),
                account);
        book.sites().put(site);
        return site;
    }

    /** The pin of a customer's site CA. {@code ca.pem} is written last: without it no site has been told of the key. */
    private String authority(String customer) {
        String directory = CA_ROOT + "/" + customer;
        if (book.files().info(directory + "/ca.pem").isPresent()) {
            return certificates.pin(path(customer).resolve("ca.pem"));
        }
        book.files().makeDirectory(directory, 0700);
        return certificates.makeAuthority(path(customer), customer + " sites CA", CA_VALID);
    }

    private Path path(String customer) {
        return book.files().path(CA_ROOT + "/" + customer);
    }

    /**
     * Another node leads a site from now on, at the first place.
     *
     * @throws PortException.Refused {@code site.absent}, {@code site.leader}
     */
    public SiteStandbys.Outcome lead(String customer, String site, String identity) {
        return lead(customer, site, identity, existing(customer, site).leader());
    }

    /**
     * Another node takes over a place of a site. One that is no node of the site yet is a warning: the machine before may be lost,
     * and the token that enrols the next one is made after this.
     *
     * @param before who has it now
     * @throws PortException.Refused {@code site.absent}, {@code site.leader}
     */
    public SiteStandbys.Outcome lead(String customer, String site, String identity, String before) {
        Site.checkLeader(identity);
        Site now = existing(customer, site);
        Site changed = put(now.ledBy(identity, before));
        return new SiteStandbys.Outcome(changed, false, standbys(now).strangers(identity));
    }

    /**
     * Two nodes stand by for the leader of a site from now on, or nobody does any more.
     *
     * @throws PortException.Refused {@code site.absent}; {@code site.leader} when somebody has two places, or who is to be kept
     *     has none; {@code site.place} when places do not go together, or two machines would be replaced at once;
     *     {@code site.standby} when a node is not one of the site
     */
    public SiteStandbys.Outcome standBy(StandbyWish wish) {
        SiteStandbys.Outcome outcome =
                standbys(existing(wish.customer(), wish.site())).become(wish);
        put(outcome.site());
        return outcome;
    }

    private SiteStandbys standbys(Site before) {
        NodeRegister nodes = new NodeRegister(book.files(), book.json());
        return new SiteStandbys(before, identity -> nodes.saved(before.customer(), identity));
    }

    /**
     * What is needed to expel those who had led a site: its account, and whose tokens there are to be taken back.
     *
     * @param former keys of users, with the moment up to which their tokens count no more
     */
    public record Expulsion(String customer, String name, String nkey, Map<String, Instant> former) {
        public Expulsion {
            former = Map.copyOf(former);
        }

        /** As a running backplane answers. */
        Value.Obj document() {
            Map<String, Value> keys = new TreeMap<>();
            former.forEach((user, until) -> keys.put(user, Value.num(until.getEpochSecond())));
            return Value.obj("customer", Value.text(customer), "site", Value.text(name))
                    .with("nkey", Value.text(nkey))
                    .with("former", Value.obj(keys));
        }

        /**
         * Reads that.
         *
         * @throws PortException.Refused {@code control.command}
         */
        public static Expulsion of(Value.Obj answer) {
            Map<String, Instant> former = new TreeMap<>();
            Value.Obj keys = answer.obj("former").orElse(Value.obj());
            keys.fields()
                    .keySet()
                    .forEach(user -> former.put(
                            user, Instant.ofEpochSecond(keys.whole(user).orElse(0L))));
            return new Expulsion(
                    ControlDesk.field(answer, "customer"),
                    ControlDesk.field(answer, "site"),
                    ControlDesk.field(answer, "nkey"),
                    former);
        }
    }

    /**
     * Who had led a site and leads it no more.
     *
     * @throws PortException.Refused {@code site.absent}
     */
    public Expulsion former(String customer, String site) {
        Site now = existing(customer, site);
        return new Expulsion(
                customer, site, now.account().nkey(), book.sites().leaders().former(now));
    }

    /**
     * Who had led a site is nobody at its brokers from now on. Its leaders take the new account and another password of the routes
     * over with their next renewal.
     *
     * @param accountJwt the site's account without them, signed by the operator
     * @throws PortException.Refused {@code site.absent}, {@code customer.account}
     */
    public Site expel(String customer, String site, String accountJwt) {
        Site before = existing(customer, site);
        book.checkAccount(before.account().nkey(), accountJwt);
        return put(before.sealed(accountJwt));
    }

    private Site put(Site changed) {
        book.sites().put(changed);
        return changed;
    }

    /**
     * Forgets a site, and the key of its account with it. The customer's site CA stays.
     *
     * @throws PortException.Refused {@code site.absent}
     */
    public Site remove(String customer, String site) {
        Site gone = existing(customer, site);
        book.sites().remove(gone);
        book.keys().erase(gone.accountKey());
        return gone;
    }

    private Site existing(String customer, String site) {
        return book.sites()
                .find(customer, site)
                .orElseThrow(() -> new PortException.Refused(
                        "site.absent",
                        "customer '" + customer + "' has no site '" + site + "'; see: backplane site list"));
    }

    /**
     * The certificate of a leader, for its own place: {@code chain} and {@code expires} (Unix seconds). Of the request only the key
     * counts.
     *
     * @param node as its session says
     * @throws PortException.Refused {@code site.not-leader}, {@code site.request}
     */
    Value.Obj certificate(Origin node, String requestPem) {
        Site.Seat seat = book.sites()
                .of(node)
                .flatMap(site -> site.seat(node))
                .orElseThrow(() -> new PortException.Refused(
                        "site.not-leader",
                        node.identity() + " leads no site; the vendor says who does: backplane site leader"));
        long expires = book.time().wall().plus(CERTIFICATE).getEpochSecond();
        String chain = certificates.sign(path(node.customer()), requestPem, seat.certifiedNames(), CERTIFICATE);
        return Value.obj("chain", Value.text(chain), "expires", Value.num(expires));
    }
}
