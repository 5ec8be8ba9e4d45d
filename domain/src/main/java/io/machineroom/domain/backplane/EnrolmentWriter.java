package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.ServerToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.VerifyKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the signed answer that makes a node enrolled, or renews it. Belongs to the desk. */
final class EnrolmentWriter {
    /** How long a node's token is good; nodes renew it when a third of that is left. */
    private static final Duration SERVER_TOKEN = Duration.ofDays(365);

    private final Enroller.Parts parts;
    private final Enroller.Office office;
    private final TokenVerifier verifier;

    EnrolmentWriter(Enroller.Parts parts, Enroller.Office office) {
        this.parts = parts;
        this.office = office;
        this.verifier = new TokenVerifier(parts.json(), parts.signatures());
    }

    /**
     * Whom the answer is for.
     *
     * @param key identity key
     * @param nodeNonce what it asked with
     */
    record Subject(Origin origin, VerifyKey.Ed25519 key, String nodeNonce) {}

    /**
     * The whole reply: answer, signature and the issuer's own token.
     *
     * @throws PortException.Unavailable {@code enrol.issuer} when the issuer's token has expired,
     *     {@code backplane.starting}
     */
    Value.Obj reply(Subject subject, Map<String, String> configuration) {
        byte[] answer = parts.json().write(answer(subject, configuration));
        String text = Base64.getEncoder().encodeToString(answer);
        byte[] signature =
                parts.keys().sign(Charter.CHAIN_ISSUER, ("mr-enrol-answer-1." + text).getBytes(StandardCharsets.UTF_8));
        return Value.obj(
                "answer", Value.text(text),
                "signature", Value.text(HexFormat.of().formatHex(signature)),
                "issuer", Value.text(parts.book().issuerJwt()));
    }

    private Value.Obj answer(Subject subject, Map<String, String> configuration) {
        Origin origin = subject.origin();
        Value.Obj settings = Value.obj();
        for (Map.Entry<String, String> entry : new TreeMap<>(configuration).entrySet()) {
            settings = settings.with(entry.getKey(), Value.text(entry.getValue()));
        }
        Ways ways = office.ways().get();
        if (ways.https().isEmpty()) {
            throw new PortException.Unavailable("backplane.starting", "the gateway is just starting; try again");
        }
        boolean nats = !ways.nats().isEmpty();
        return Value.obj("protocol", Value.text("io.machineroom.enrolment.v1"))
                .with("node_nonce", Value.text(subject.nodeNonce()))
                .with("identity", Value.text(origin.identity()))
                .with("public_key", Value.text(subject.key().hexText()))
                .with("customer", Value.text(origin.customer()))
                .with("site", Value.text(origin.site()))
                .with("server_jwt", Value.text(serverToken(origin, subject.key())))
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
                        parts.book().issuerJwt(),
                        parts.charter().organisation(),
                        ClientToken.PROVISIONER,
                        parts.time().wall())
                .verified()
                .orElseThrow(() -> new PortException.Unavailable(
                        "enrol.issuer",
                        "issuer.jwt of this backplane is not valid any more; its operator must run:"
                                + " backplane renew --offline DIR"));
        ServerToken.Draft draft =
                new ServerToken.Draft(origin.identity(), key, List.of("streams", "submission"), "choria");
        return parts.writer()
                .server(draft, Charter.CHAIN_ISSUER, issuer, parts.time().wall(), SERVER_TOKEN);
    }

    private String natsUser(Origin origin) {
        BrokerAuthority.UserGrant grant = parts.authority().nodeGrant(origin.nodeKey(), origin.identity(), null);
        return parts.authority().user(parts.keys(), Charter.account(origin.customer()), grant);
    }

    private static Value urls(List<URI> urls) {
        return Value.texts(urls.stream().map(URI::toString).toList());
    }
}
