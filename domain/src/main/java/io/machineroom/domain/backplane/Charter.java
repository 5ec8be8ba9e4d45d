package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backplane is, made once by {@code init}: public keys, accounts and names. Holds nothing secret.
 *
 * @param name name of the backplane
 * @param organisation public key of the organisation issuer
 * @param machineSigner public key that signs lists of machines
 * @param caPin pin of the CA of gateway and broker
 * @param operatorJwt NATS operator
 * @param hosts names and addresses under which it is reached; the first is given to nodes
 * @param accounts NATS accounts by name: one per customer, {@value #OWN_ACCOUNT} and {@value #SYSTEM_ACCOUNT}
 */
public record Charter(
        String name,
        VerifyKey.Ed25519 organisation,
        VerifyKey.Ed25519 machineSigner,
        String caPin,
        String operatorJwt,
        List<String> hosts,
        Map<String, Broker.Account> accounts) {
    /** Account of the vendor-facing streams. */
    public static final String OWN_ACCOUNT = "backplane";
    /** Account of the broker itself. */
    public static final String SYSTEM_ACCOUNT = "system";
    /** Signs enrolment answers and server tokens. */
    public static final KeyRole CHAIN_ISSUER = new KeyRole("chain-issuer", KeyRole.Form.HEX_SEED);
    /** Organisation issuer; offline. */
    public static final KeyRole ORGANISATION = new KeyRole("org-issuer", KeyRole.Form.HEX_SEED);
    /** Signs lists of machines; offline. */
    public static final KeyRole MACHINES = new KeyRole("machines", KeyRole.Form.HEX_SEED);
    /** NATS operator; offline. */
    public static final KeyRole OPERATOR = new KeyRole("operator", KeyRole.Form.NKEY_OPERATOR);

    public Charter {
        hosts = List.copyOf(hosts);
        accounts = new TreeMap<>(accounts);
    }

    /** Key of an account. */
    public static KeyRole account(String name) {
        return new KeyRole("account-" + name, KeyRole.Form.NKEY_ACCOUNT);
    }

    /** Key of the backplane's own user in an account. */
    public static KeyRole user(String name) {
        return new KeyRole("user-" + name, KeyRole.Form.NKEY_USER);
    }

    /** Public key of the system account. */
    String systemAccount() {
        return system().nkey();
    }

    /**
     * The system account.
     *
     * @throws PortException.Corrupted {@code state.damaged} when {@code backplane.json} has none
     */
    Broker.Account system() {
        Broker.Account account = accounts.get(SYSTEM_ACCOUNT);
        if (account == null) {
            throw new PortException.Corrupted("state.damaged", "backplane.json names no system account");
        }
        return account;
    }

    /** With one more account. */
    Charter with(String account, Broker.Account made) {
        Map<String, Broker.Account> more = new TreeMap<>(accounts);
        more.put(account, made);
        return new Charter(name, organisation, machineSigner, caPin, operatorJwt, hosts, more);
    }

    /** Public key of an account; empty when there is none of that name. */
    public String nkey(String account) {
        Broker.Account found = accounts.get(account);
        return found == null ? "" : found.nkey();
    }

    /** Names of the customers. */
    public List<String> customers() {
        return accounts.keySet().stream()
                .filter(a -> !a.equals(OWN_ACCOUNT) && !a.equals(SYSTEM_ACCOUNT))
                .toList();
    }

    /** An address under the name that nodes are given. */
    public URI at(String scheme, int port) {
        String host = hosts.getFirst();
        return URI.create(scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
    }

    /** As {@code backplane.json}. */
    public Value.Obj document() {
        Value.Obj each = Value.obj();
        for (Map.Entry<String, Broker.Account> account : accounts.entrySet()) {
            each = each.with(
                    account.getKey(),
                    Value.obj(
                            "nkey", Value.text(account.getValue().nkey()),
                            "jwt", Value.text(account.getValue().jwt())));
        }
        return Value.obj("version", Value.num(1), "name", Value.text(name))
                .with("organisation", Value.text(organisation.hexText()))
                .with("machine_signer", Value.text(machineSigner.hexText()))
                .with("ca_pin", Value.text(caPin))
                .with("operator_jwt", Value.text(operatorJwt))
                .with("hosts", Value.texts(hosts))
                .with("accounts", each);
    }

    /**
     * Reads {@code backplane.json}.
     *
     * @throws java.util.NoSuchElementException when a field is missing
     */
    public static Charter of(Value.Obj document) {
        Map<String, Broker.Account> accounts = new TreeMap<>();
        Value.Obj each = document.obj("accounts").orElseThrow();
        for (String account : each.fields().keySet()) {
            Value.Obj fields = each.obj(account).orElseThrow();
            accounts.put(
                    account,
                    new Broker.Account(
                            fields.text("nkey").orElseThrow(),
                            fields.text("jwt").orElseThrow()));
        }
        return new Charter(
                document.text("name").orElseThrow(),
                VerifyKey.hex(document.text("organisation").orElseThrow()),
                VerifyKey.hex(document.text("machine_signer").orElseThrow()),
                document.text("ca_pin").orElseThrow(),
                document.text("operator_jwt").orElseThrow(),
                document.texts("hosts"),
                accounts);
    }
}
