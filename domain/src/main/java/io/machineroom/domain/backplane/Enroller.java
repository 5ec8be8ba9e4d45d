package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.ServerToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.domain.tokens.TokenWriter;
import io.machineroom.domain.tokens.Verdict;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Enrols nodes over HTTPS ({@code docs/protocol.md} section 5): token, proofs, policy, signed answer. An
 * identity stays with its key until released (architecture D17). Belongs to the desk.
 */
final class Enroller {
    private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Duration SERVER_TOKEN = Duration.ofDays(365);
    private static final String PURPOSE = "enrol";
    private static final System.Logger LOG = System.getLogger(Enroller.class.getName());

    private final Parts parts;
    private final Office office;
    private final TokenVerifier verifier;
    private final TokenWriter writer;

    Enroller(Parts parts, Office office) {
        this.parts = parts;
        this.office = office;
        this.verifier = new TokenVerifier(parts.json(), parts.signatures());
        this.writer = parts.writer();
    }

    /**
     * The ports of enrolment.
     *
     * @param issuerJwt the chain issuer's own token
     */
    record Parts(
            JsonFormat json,
            Signatures signatures,
            Keyring keys,
            TimeSource time,
            TokenWriter writer,
            BrokerAuthority authority,
            EnrolmentPolicy policy,
            Charter charter,
            String issuerJwt) {}

    /**
     * What enrolment changes and looks at.
     *
     * @param ways how nodes reach this backplane now
     */
    record Office(
            NodeRegister register,
            Sessions sessions,
            Challenges challenges,
            DesiredState desired,
            Supplier<Ways> ways) {}

    /** The request, taken apart. */
    private record Application(
            String token,
            String identity,
            VerifyKey.Ed25519 key,
            String nkey,
            String nonce,
            String nodeNonce,
            Value.Obj inventory,
            String text) {}

    /** What goes back. */
    record Reply(int status, Value.Obj document) {}

    Value.Obj challenge() {
        return Value.obj(
                "nonce",
                Value.text(office.challenges().give(PURPOSE)),
                "expires_seconds",
                Value.num(Challenges.SECONDS));
    }

    /**
     * Answers an application.
     *
     * @throws PortException.Refused {@code enrol.token}, {@code enrol.proof}, {@code enrol.refused},
     *     {@code enrol.identity-taken}, {@code request.body}
     */
    Reply enrol(Value.Obj body) {
        Application application = read(body);
        ProvisioningToken token = believe(application.token());
        if (!office.challenges().take(PURPOSE, application.nonce())) {
            throw refused("enrol.proof", "the nonce is unknown, used or older than a minute; ask for another one");
        }
        prove(body, application);
        Origin origin = new Origin(token.customer(), token.site(), application.identity(), application.nkey());
        Optional<EnrolledNode> known = office.register().named(origin.customer(), origin.identity());
        if (known.isPresent()
                && !known.get().publicKey().equals(application.key().hexText())) {
            throw refused(
                    "enrol.identity-taken",
                    "identity '" + origin.identity() + "' is enrolled with another key; the vendor can release it: "
                            + "backplane nodes release " + origin.customer() + " " + origin.identity());
        }
        if (known.isPresent()
                && known.get().nodeNonce().equals(application.nodeNonce())
                && known.get().origin().equals(origin)) {
            return new Reply(200, known.get().reply());
        }
        keysAreFree(origin, application);
        EnrolmentPolicy.Candidate candidate = new EnrolmentPolicy.Candidate(
                origin.customer(), origin.site(), origin.identity(), application.inventory());
        return switch (parts.policy().decide(candidate)) {
            case EnrolmentPolicy.Decision.Accept accept -> accept(origin, application, accept.configuration());
            case EnrolmentPolicy.Decision.Defer defer ->
                new Reply(
                        202,
                        Value.obj("defer_seconds", Value.num(defer.seconds()), "reason", Value.text(defer.reason())));
            case EnrolmentPolicy.Decision.Refuse refuse -> throw refused("enrol.refused", refuse.reason());
        };
    }

    private Application read(Value.Obj body) {
        String identity = required(body, "identity");
        String key = required(body, "public_key");
        String nkey = required(body, "public_nkey");
        String nonce = required(body, "nonce");
        String nodeNonce = required(body, "node_nonce");
        if (!IDENTITY.matcher(identity).matches()) {
            throw refused("request.body", "identity must be 1 to 128 letters, digits, '.', '_' or '-'");
        }
        if (!nodeNonce.matches("[0-9a-f]{64}") || !key.matches("[0-9a-f]{64}")) {
            throw refused("request.body", "public_key and node_nonce are 64 lower-case hex digits each");
        }
        String text = "mr-enrol-1 " + identity + " " + key + " " + nkey + " " + nonce + " " + nodeNonce;
        Value.Obj inventory = body.obj("inventory").orElse(Value.obj());
        return new Application(
                required(body, "token"), identity, VerifyKey.hex(key), nkey, nonce, nodeNonce, inventory, text);
    }

    private static String required(Value.Obj body, String field) {
        return body.text(field).orElseThrow(() -> refused("request.body", "field '" + field + "' is missing"));
    }

    private ProvisioningToken believe(String text) {
        Verdict<ProvisioningToken> verdict = verifier.provisioning(
                text, parts.charter().organisation(), parts.time().wall());
        ProvisioningToken token = verdict.verified().orElseThrow(() -> refused("enrol.token", verdict.rejection()));
        if (!parts.charter().customers().contains(token.customer())) {
            throw refused("enrol.token", "the token names no customer of this backplane");
        }
        if (!token.site().isEmpty() && !NAME.matcher(token.site()).matches()) {
            throw refused("enrol.token", "the token's site is not a site name");
        }
        return token;
    }

    private void prove(Value.Obj body, Application application) {
        byte[] text = application.text().getBytes(StandardCharsets.UTF_8);
        if (!verifies(application.key(), text, required(body, "signature"))) {
            throw refused("enrol.proof", "the signature by the identity key does not verify");
        }
        VerifyKey.Ed25519 user = UserNkey.read(application.nkey())
                .orElseThrow(() -> refused("enrol.proof", "public_nkey is not the public key of a NATS user"));
        if (!verifies(user, text, required(body, "nkey_signature"))) {
            throw refused("enrol.proof", "the signature by the NATS user key does not verify");
        }
    }

    private boolean verifies(VerifyKey.Ed25519 key, byte[] text, String hex) {
        return hex.matches("[0-9a-f]{128}")
                && parts.signatures().verify(key, text, HexFormat.of().parseHex(hex));
    }

    private void keysAreFree(Origin origin, Application application) {
        String name = EnrolledNode.key(origin.customer(), origin.identity());
        boolean taken = office.register()
                        .withKey(application.key().hexText())
                        .filter(n -> !n.key().equals(name))
                        .isPresent()
                || office.register()
                        .withNkey(origin.customer(), origin.nodeKey())
                        .filter(n -> !n.key().equals(name))
                        .isPresent();
        if (taken) {
            throw refused("enrol.proof", "another identity is enrolled with one of these keys; reset the node");
        }
    }

    private Reply accept(Origin origin, Application application, Map<String, String> configuration) {
        Value.Obj answer = answer(origin, application, configuration);
        String text = Base64.getEncoder().encodeToString(parts.json().write(answer));
        byte[] signature =
                parts.keys().sign(Charter.CHAIN_ISSUER, ("mr-enrol-answer-1." + text).getBytes(StandardCharsets.UTF_8));
        Value.Obj reply = Value.obj(
                "answer", Value.text(text),
                "signature", Value.text(HexFormat.of().formatHex(signature)),
                "issuer", Value.text(parts.issuerJwt()));
        String version = application.inventory().text("version").orElse("");
        long now = parts.time().wall().getEpochSecond();
        office.register()
                .put(new EnrolledNode(
                        origin, application.key().hexText(), application.nodeNonce(), version, now, reply));
        office.sessions().drop(origin.customer(), origin.identity());
        LOG.log(
                System.Logger.Level.INFO,
                "enrolled " + origin.identity() + " of " + origin.customer() + " as " + origin.nodeKey());
        return new Reply(200, reply);
    }

    private Value.Obj answer(Origin origin, Application application, Map<String, String> configuration) {
        Value.Obj settings = Value.obj();
        for (Map.Entry<String, String> entry : new java.util.TreeMap<>(configuration).entrySet()) {
            settings = settings.with(entry.getKey(), Value.text(entry.getValue()));
        }
        Ways ways = office.ways().get();
        if (ways.https().isEmpty()) {
            throw new PortException.Unavailable("backplane.starting", "the gateway is just starting; try again");
        }
        boolean nats = !ways.nats().isEmpty();
        return Value.obj("protocol", Value.text("io.machineroom.enrolment.v1"))
                .with("node_nonce", Value.text(application.nodeNonce()))
                .with("identity", Value.text(origin.identity()))
                .with("public_key", Value.text(application.key().hexText()))
                .with("customer", Value.text(origin.customer()))
                .with("site", Value.text(origin.site()))
                .with("server_jwt", Value.text(serverToken(origin, application.key())))
                .with("configuration", settings)
                .with(
                        "receipt_key",
                        Value.text(parts.keys().ensure(Receipts.KEY).hexText()))
                .with("list_serial", Value.num(office.desired().lowestSerial(origin.customer())))
                .with("nats_jwt", Value.text(nats ? natsUser(origin) : ""))
                .with("nats_urls", urls(ways.nats()))
                .with("https_urls", urls(ways.https()))
                .with("ca_pins", Value.texts(List.of(parts.charter().caPin())))
                .with("issued", Value.num(parts.time().wall().getEpochSecond()));
    }

    private String serverToken(Origin origin, VerifyKey.Ed25519 key) {
        ClientToken issuer = verifier.chainIssuer(
                        parts.issuerJwt(),
                        parts.charter().organisation(),
                        ClientToken.PROVISIONER,
                        parts.time().wall())
                .verified()
                .orElseThrow(() -> new PortException.Unavailable(
                        "enrol.issuer",
                        "issuer.jwt of this backplane is not valid any more; its operator must renew it"));
        ServerToken.Draft draft =
                new ServerToken.Draft(origin.identity(), key, List.of("streams", "submission"), "choria");
        return writer.server(draft, Charter.CHAIN_ISSUER, issuer, parts.time().wall(), SERVER_TOKEN);
    }

    private String natsUser(Origin origin) {
        BrokerAuthority.UserGrant grant = parts.authority().nodeGrant(origin.nodeKey(), origin.identity(), null);
        return parts.authority().user(parts.keys(), Charter.account(origin.customer()), grant);
    }

    private static Value urls(List<java.net.URI> urls) {
        return Value.texts(urls.stream().map(java.net.URI::toString).toList());
    }

    private static PortException.Refused refused(String code, String message) {
        return new PortException.Refused(code, message);
    }
}
