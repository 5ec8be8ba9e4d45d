package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ProvisioningToken;
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
import java.util.HexFormat;
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
    private static final String PURPOSE = "enrol";
    private static final System.Logger LOG = System.getLogger(Enroller.class.getName());

    private final Parts parts;
    private final Office office;
    private final TokenVerifier verifier;
    private final EnrolmentWriter answers;

    Enroller(Parts parts, Office office) {
        this.parts = parts;
        this.office = office;
        this.verifier = new TokenVerifier(parts.json(), parts.signatures());
        this.answers = new EnrolmentWriter(parts, office);
    }

    /**
     * The ports of enrolment.
     *
     * @param book customers and the chain issuer's own token
     */
    record Parts(
            JsonFormat json,
            Signatures signatures,
            Keyring keys,
            TimeSource time,
            TokenWriter writer,
            BrokerAuthority authority,
            EnrolmentPolicy policy,
            CharterBook book) {
        Charter charter() {
            return book.charter();
        }
    }

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
        return switch (parts.policy().decide(candidate(origin, application.inventory()))) {
            case EnrolmentPolicy.Decision.Accept accept -> accept(origin, application, accept.configuration());
            case EnrolmentPolicy.Decision.Defer defer -> deferred(defer);
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
        VerifyKey.Ed25519 user = PublicNkey.read(PublicNkey.USER, application.nkey())
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
        EnrolmentWriter.Subject subject =
                new EnrolmentWriter.Subject(origin, application.key(), application.nodeNonce());
        Value.Obj reply = answers.reply(subject, configuration);
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

    /**
     * Gives an enrolled node, known by its session, a fresh answer; the same nonce gets the same one again.
     *
     * @throws PortException.Refused {@code session.expired} when it was released meanwhile, {@code enrol.refused},
     *     {@code request.body}
     */
    Reply renew(Origin origin, Value.Obj body) {
        String nodeNonce = required(body, "node_nonce");
        if (!nodeNonce.matches("[0-9a-f]{64}")) {
            throw refused("request.body", "node_nonce is 64 lower-case hex digits");
        }
        EnrolledNode known = office.register()
                .named(origin.customer(), origin.identity())
                .filter(n -> n.origin().equals(origin))
                .orElseThrow(() -> refused("session.expired", "open a new session"));
        if (known.nodeNonce().equals(nodeNonce)) {
            return new Reply(200, known.reply());
        }
        Value.Obj inventory = body.obj("inventory").orElse(Value.obj());
        return switch (parts.policy().decide(candidate(origin, inventory))) {
            case EnrolmentPolicy.Decision.Accept accept -> {
                EnrolmentWriter.Subject subject =
                        new EnrolmentWriter.Subject(origin, VerifyKey.hex(known.publicKey()), nodeNonce);
                Value.Obj reply = answers.reply(subject, accept.configuration());
                String version = inventory.text("version").orElse(known.version());
                office.register()
                        .put(new EnrolledNode(origin, known.publicKey(), nodeNonce, version, known.enrolled(), reply));
                yield new Reply(200, reply);
            }
            case EnrolmentPolicy.Decision.Defer defer -> deferred(defer);
            case EnrolmentPolicy.Decision.Refuse refuse -> throw refused("enrol.refused", refuse.reason());
        };
    }

    private EnrolmentPolicy.Candidate candidate(Origin origin, Value.Obj inventory) {
        String role = parts.book().sites().leads(origin) ? "leader" : "follower";
        return new EnrolmentPolicy.Candidate(origin.customer(), origin.site(), origin.identity(), role, inventory);
    }

    private static Reply deferred(EnrolmentPolicy.Decision.Defer defer) {
        return new Reply(
                202, Value.obj("defer_seconds", Value.num(defer.seconds()), "reason", Value.text(defer.reason())));
    }

    private static PortException.Refused refused(String code, String message) {
        return new PortException.Refused(code, message);
    }
}
