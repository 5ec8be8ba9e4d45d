package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.TokenWriter;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes a backplane: keys and certificates, with the seeds of organisation, machines, operator and CA in the
 * offline directory only (architecture D16). {@code backplane.json} is written last; without it there is none.
 */
public final class Founding {
    /** Name of the file that makes a directory a backplane's. */
    public static final String CHARTER = "backplane.json";
    /** Name of the chain issuer's token. */
    public static final String ISSUER = "issuer.jwt";

    private static final Pattern CUSTOMER = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Duration CA_VALID = Duration.ofDays(3650);
    private static final Duration SERVER_VALID = Duration.ofDays(825);
    private static final Duration ISSUER_VALID = Duration.ofDays(1825);
    private static final long CUSTOMER_BYTES = 4L << 30;
    private static final long OWN_BYTES = 32L << 30;

    private final Place state;
    private final Place offline;
    private final CertificateIssuer certificates;
    private final BrokerAuthority authority;
    private final Means means;

    public Founding(
            Place state, Place offline, CertificateIssuer certificates, BrokerAuthority authority, Means means) {
        this.state = state;
        this.offline = offline;
        this.certificates = certificates;
        this.authority = authority;
        this.means = means;
    }

    /** A directory and the keys in it. */
    public record Place(FileTree files, Keyring keys) {}

    /** Clock, randomness and JSON. */
    public record Means(JsonFormat json, TimeSource time, Entropy entropy) {}

    /**
     * Makes everything.
     *
     * @param name name of the backplane
     * @param customers at least one
     * @param hosts names and addresses for the server certificate, at least one; the first is given to nodes
     * @throws PortException.Refused {@code init.exists}, {@code customer.name}
     */
    public Charter found(String name, List<String> customers, List<String> hosts) {
        customers.forEach(Founding::checkName);
        if (state.files().info(CHARTER).isPresent() || offline.keys().has(Charter.ORGANISATION)) {
            throw new PortException.Refused(
                    "init.exists", "there is a backplane in these directories; init never overwrites one");
        }
        VerifyKey.Ed25519 organisation = offline.keys().ensure(Charter.ORGANISATION);
        VerifyKey.Ed25519 machines = offline.keys().ensure(Charter.MACHINES);
        offline.keys().ensure(Charter.OPERATOR);
        String pin = certificates.makeAuthority(offline.files().root(), name + " CA", CA_VALID);
        state.files().makeDirectory("tls", 0700);
        certificates.issueServer(offline.files().root(), state.files().path("tls"), hosts, SERVER_VALID);
        Map<String, Broker.Account> accounts = accounts(customers);
        Broker.Account system = accounts.get(Charter.SYSTEM_ACCOUNT);
        if (system == null) {
            throw new IllegalStateException("the system account is always made");
        }
        String operator = authority.operator(offline.keys(), Charter.OPERATOR, name, system.nkey());
        state.files().replace(ISSUER, issuer(name).getBytes(StandardCharsets.US_ASCII), 0600);
        state.keys().ensure(Receipts.KEY);
        Charter charter = new Charter(name, organisation, machines, pin, operator, hosts, accounts);
        state.files().replace(CHARTER, means.json().pretty(charter.document()), 0600);
        return charter;
    }

    /**
     * Checks the name of a customer.
     *
     * @throws PortException.Refused {@code customer.name}
     */
    static void checkName(String customer) {
        boolean reserved = customer.equals(Charter.OWN_ACCOUNT) || customer.equals(Charter.SYSTEM_ACCOUNT);
        if (!CUSTOMER.matcher(customer).matches() || reserved) {
            throw new PortException.Refused(
                    "customer.name",
                    "'" + customer + "' is no customer name: a letter a-z, then at most 31 of a-z 0-9 _ -; not "
                            + Charter.OWN_ACCOUNT + " or " + Charter.SYSTEM_ACCOUNT);
        }
    }

    private Map<String, Broker.Account> accounts(List<String> customers) {
        Map<String, Broker.Account> accounts = new LinkedHashMap<>();
        accounts.put(Charter.SYSTEM_ACCOUNT, account(Charter.SYSTEM_ACCOUNT, false, 0));
        accounts.put(Charter.OWN_ACCOUNT, account(Charter.OWN_ACCOUNT, true, OWN_BYTES));
        for (String customer : customers) {
            accounts.put(customer, account(customer, true, CUSTOMER_BYTES));
        }
        return accounts;
    }

    private Broker.Account account(String name, boolean jetStream, long bytes) {
        KeyRole role = Charter.account(name);
        state.keys().ensure(role);
        String nkey = state.keys().publicNkey(role).orElseThrow();
        String jwt = authority.account(offline.keys(), Charter.OPERATOR, nkey, name, jetStream, bytes);
        return new Broker.Account(nkey, jwt);
    }

    /**
     * The operator's word about the account of a customer.
     *
     * @throws PortException.Refused {@code key.missing} when the operator's key is not there
     */
    public static String sponsor(Place offline, BrokerAuthority authority, String customer, String accountNkey) {
        return sponsor(offline, authority, customer, accountNkey, CUSTOMER_BYTES);
    }

    private static String sponsor(
            Place offline, BrokerAuthority authority, String name, String accountNkey, long maxBytes) {
        return sponsor(
                offline, authority, new BrokerAuthority.AccountGrant(accountNkey, name, true, maxBytes, Map.of()));
    }

    private static String sponsor(Place offline, BrokerAuthority authority, BrokerAuthority.AccountGrant grant) {
        if (!offline.keys().has(Charter.OPERATOR)) {
            throw new PortException.Refused(
                    "key.missing",
                    "there is no operator.nkey in " + offline.files().root() + "; name the offline directory of init");
        }
        return authority.account(offline.keys(), Charter.OPERATOR, grant);
    }

    /**
     * The operator's word about the account of a site. Its leader bounds what its own disk holds.
     *
     * @throws PortException.Refused {@code key.missing} when the operator's key is not there
     */
    public static String sponsorSite(
            Place offline, BrokerAuthority authority, SiteOffice.Plan plan, String accountNkey) {
        return sponsor(offline, authority, Site.accountName(plan.customer(), plan.name()), accountNkey, 0);
    }

    /**
     * The operator's word about the account of a site, without those who had led it.
     *
     * @throws PortException.Refused {@code key.missing} when the operator's key is not there
     */
    public static String sponsorSite(Place offline, BrokerAuthority authority, SiteOffice.Expulsion expulsion) {
        String name = Site.accountName(expulsion.customer(), expulsion.name());
        return sponsor(
                offline,
                authority,
                new BrokerAuthority.AccountGrant(expulsion.nkey(), name, true, 0, expulsion.former()));
    }

    private String issuer(String name) {
        return issuer(offline, means, name, state.keys().ensure(Charter.CHAIN_ISSUER));
    }

    /** The organisation's word about a chain issuer, good for five years from now. */
    private static String issuer(Place offline, Means means, String name, VerifyKey.Ed25519 key) {
        ClientToken.Draft draft = new ClientToken.Draft(name, key, List.of(ClientToken.PROVISIONER), "choria");
        TokenWriter writer = new TokenWriter(means.json(), offline.keys(), means.entropy());
        return writer.chainIssuer(draft, Charter.ORGANISATION, means.time().wall(), ISSUER_VALID);
    }

    /**
     * Makes what expires anew: stages a certificate for gateway and broker, and returns a token for the chain issuer. The
     * keys that nodes know stay: CA, organisation, chain issuer.
     *
     * @throws PortException.Refused {@code renew.authority} for the offline directory of another backplane
     */
    public String renew(Charter charter) {
        if (!certificates.pin(offline.files().path("ca.pem")).equals(charter.caPin())) {
            throw new PortException.Refused(
                    "renew.authority",
                    offline.files().root()
                            + " belongs to another backplane; name the directory that init made for this one");
        }
        VerifyKey.Ed25519 key = state.keys()
                .publicKey(Charter.CHAIN_ISSUER)
                .orElseThrow(() -> new PortException.Corrupted(
                        "state.damaged", "keys/chain-issuer.seed of the state directory is missing; restore it"));
        String token = issuer(offline, means, charter.name(), key);
        certificates.issueServer(
                offline.files().root(), new ServerCertificate(state.files()).stage(), charter.hosts(), SERVER_VALID);
        return token;
    }
}
