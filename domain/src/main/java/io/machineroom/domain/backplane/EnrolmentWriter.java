package io.machineroom.domain.backplane;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.ServerToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.PortException;
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
    /** A leader's: so long a replaced one may be able to speak for its site over NATS. */
    private static final Duration LEADER_TOKEN = Duration.ofDays(90);

    private final Enroller.Parts parts;
    private final Enroller.Office office;
    private final TokenVerifier verifier;
    private final Upstream upstream;

    EnrolmentWriter(Enroller.Parts parts, Enroller.Office office) {
        this.parts = parts;
        this.office = office;
        this.verifier = new TokenVerifier(parts.json(), parts.signatures());
        this.upstream = new Upstream(parts);
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
        Ways ways = office.ways().get();
        if (ways.https().isEmpty()) {
            throw new PortException.Unavailable("backplane.starting", "the gateway is just starting; try again");
        }
        Duration life = parts.book().sites().leads(origin) ? LEADER_TOKEN : SERVER_TOKEN;
        Upstream.Reach reach = upstream.of(origin, ways, parts.time().wall().plus(life));
        Value.Obj answer = Value.obj("protocol", Value.text("io.machineroom.enrolment.v1"))
                .with("node_nonce", Value.text(subject.nodeNonce()))
                .with("identity", Value.text(origin.identity()))
                .with("public_key", Value.text(subject.key().hexText()))
                .with("customer", Value.text(origin.customer()))
                .with("site", Value.text(origin.site()))
                .with("server_jwt", Value.text(serverToken(origin, subject.key(), life)))
                .with("configuration", settings(configuration, reach.settings()))
                .with(
                        "receipt_key",
                        Value.text(parts.keys().ensure(Receipts.KEY).hexText()))
                .with("list_serial", Value.num(office.desired().lowestSerial(origin.customer())))
                .with("nats_jwt", Value.text(reach.natsJwt()))
                .with("nats_urls", urls(reach.ways().nats()))
                .with("https_urls", urls(reach.ways().https()))
                .with("ca_pins", Value.texts(reach.pins()))
                .with("issued", Value.num(parts.time().wall().getEpochSecond()));
        return reach.siteBroker().map(b -> answer.with("site_broker", b)).orElse(answer);
    }

    /** What the register of sites says stands over what the vendor's configuration says. */
    private static Value.Obj settings(Map<String, String> configuration, Map<String, String> over) {
        Map<String, String> all = new TreeMap<>(configuration);
        all.putAll(over);
        Value.Obj settings = Value.obj();
        for (Map.Entry<String, String> entry : all.entrySet()) {
            settings = settings.with(entry.getKey(), Value.text(entry.getValue()));
        }
        return settings;
    }

    private String serverToken(Origin origin, VerifyKey.Ed25519 key, Duration life) {
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
                .server(draft, Charter.CHAIN_ISSUER, issuer, parts.time().wall(), life);
    }

    private static Value urls(List<URI> urls) {
        return Value.texts(urls.stream().map(URI::toString).toList());
    }
}
