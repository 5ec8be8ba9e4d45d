package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The charter and the chain issuer's token of a backplane, as they change: customers are added, the token is renewed.
 * One at a time changes them, the desk of a running backplane or the command on a stopped one; everybody reads the newest
 * published state. A change is on disk before it is published.
 */
public final class CharterBook {
    /** More customers are for another backplane: each has a connection, a stream and up to 4 GiB of disk. */
    private static final int MAX_CUSTOMERS = 500;

    private static final int MAX_BYTES = 1 << 20;

    private final Parts parts;
    private final AccountPapers papers;
    private final SiteBook sites;
    private volatile Charter charter;
    private volatile String issuerJwt;

    private CharterBook(Parts parts, Charter charter, String issuerJwt) {
        this.parts = parts;
        this.papers = new AccountPapers(parts.json(), parts.signatures());
        this.sites = new SiteBook(parts.files(), parts.json(), parts.time());
        this.charter = charter;
        this.issuerJwt = issuerJwt;
    }

    /**
     * What the book is kept with.
     *
     * @param files the state directory
     * @param keys keys of the state directory
     */
    public record Parts(FileTree files, Keyring keys, JsonFormat json, Signatures signatures, TimeSource time) {}

    /**
     * Reads the book of a state directory.
     *
     * @throws PortException.Refused {@code state.absent}
     * @throws PortException.Corrupted {@code state.damaged}
     */
    public static CharterBook open(Parts parts) {
        String issuer = parts.files()
                .read(Founding.ISSUER, MAX_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                .orElse("");
        Charter charter = charter(parts.files(), parts.json());
        if (issuer.isEmpty()) {
            throw new PortException.Corrupted(
                    "state.damaged", parts.files().path(Founding.ISSUER) + " is missing; restore it, or run renew");
        }
        CharterBook book = new CharterBook(parts, charter, issuer);
        book.sites.load();
        return book;
    }

    /** With what was read elsewhere. */
    static CharterBook of(Parts parts, Charter charter, String issuerJwt) {
        return new CharterBook(parts, charter, issuerJwt);
    }

    /**
     * Reads the charter alone.
     *
     * @throws PortException.Refused {@code state.absent}
     * @throws PortException.Corrupted {@code state.damaged}
     */
    public static Charter charter(FileTree files, JsonFormat json) {
        byte[] bytes = files.read(Founding.CHARTER, MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused(
                        "state.absent", "there is no backplane in " + files.root() + "; make one with init"));
        try {
            return Charter.of((Value.Obj) json.read(bytes));
        } catch (PortException.Refused | NoSuchElementException | ClassCastException | IllegalArgumentException e) {
            throw new PortException.Corrupted(
                    "state.damaged", files.path(Founding.CHARTER) + " cannot be read; restore it", e);
        }
    }

    public Charter charter() {
        return charter;
    }

    /** The newest token of the chain issuer. */
    public String issuerJwt() {
        return issuerJwt;
    }

    /** The register of sites. */
    public SiteBook sites() {
        return sites;
    }

    /** The state directory. */
    FileTree files() {
        return parts.files();
    }

    /** Keys of the state directory. */
    Keyring keys() {
        return parts.keys();
    }

    TimeSource time() {
        return parts.time();
    }

    JsonFormat json() {
        return parts.json();
    }

    /** Names of the customers. */
    List<String> customers() {
        return charter.customers();
    }

    /** Takes what another process wrote meanwhile, sites too; the accounts of new customers. */
    Map<String, Broker.Account> reread() {
        Charter found = charter(parts.files(), parts.json());
        Map<String, Broker.Account> more = new TreeMap<>(found.accounts());
        more.keySet().removeAll(charter.accounts().keySet());
        charter = found;
        sites.load();
        return more;
    }

    /**
     * Public key for the account of a new customer, made when there is none yet.
     *
     * @throws PortException.Refused {@code customer.name}, {@code customer.exists}, {@code customer.too-many}
     */
    public String newAccountKey(String customer) {
        Founding.checkName(customer);
        if (charter.accounts().containsKey(customer)) {
            throw new PortException.Refused("customer.exists", "there is a customer '" + customer + "' already");
        }
        if (charter.customers().size() >= MAX_CUSTOMERS) {
            throw new PortException.Refused(
                    "customer.too-many",
                    "a backplane serves at most " + MAX_CUSTOMERS + " customers; make another one");
        }
        KeyRole role = Charter.account(customer);
        parts.keys().ensure(role);
        return parts.keys().publicNkey(role).orElseThrow();
    }

    /**
     * Takes a customer in.
     *
     * @param accountJwt its account, signed by the operator
     * @throws PortException.Refused as {@link #newAccountKey}; {@code customer.account} for anything else than this
     *     operator's word about this key: it would stop the broker for everybody
     */
    public Broker.Account add(String customer, String accountJwt) {
        String nkey = newAccountKey(customer);
        checkAccount(nkey, accountJwt);
        Broker.Account account = new Broker.Account(nkey, accountJwt);
        Charter next = charter.with(customer, account);
        parts.files().replace(Founding.CHARTER, parts.json().pretty(next.document()), 0600);
        charter = next;
        return account;
    }

    /**
     * Checks that an account is this operator's word about a key.
     *
     * @throws PortException.Refused {@code customer.account}
     */
    void checkAccount(String nkey, String accountJwt) {
        papers.check(charter.operatorJwt(), nkey, accountJwt);
    }

    /**
     * Takes a renewed token of the chain issuer.
     *
     * @throws PortException.Refused {@code renew.issuer} unless it is the organisation's word about the key in use
     */
    public void renewIssuer(String token) {
        ClientToken verified = new TokenVerifier(parts.json(), parts.signatures())
                .chainIssuer(
                        token,
                        charter.organisation(),
                        ClientToken.PROVISIONER,
                        parts.time().wall())
                .verified()
                .orElseThrow(() -> new PortException.Refused(
                        "renew.issuer", "the new issuer.jwt is not from this backplane's organisation"));
        if (!verified.key().equals(parts.keys().publicKey(Charter.CHAIN_ISSUER))) {
            throw new PortException.Refused("renew.issuer", "the new issuer.jwt is about another key");
        }
        parts.files().replace(Founding.ISSUER, token.getBytes(StandardCharsets.US_ASCII), 0600);
        issuerJwt = token;
    }

    /** Until when the chain issuer may enrol, Unix seconds; empty when its token cannot be read. */
    Optional<Long> issuerExpires() {
        return new io.machineroom.domain.tokens.JwtReader(parts.json(), parts.signatures())
                .parse(issuerJwt)
                .verified()
                .map(jwt -> jwt.claims().expires());
    }
}
