package io.machineroom.domain.provisioning;

import io.machineroom.domain.flow.SimSaas;
import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.JwtWriter;
import io.machineroom.domain.tokens.ProvisioningToken;
import io.machineroom.domain.tokens.ServerToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.domain.tokens.TokenWriter;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The enrolling half of a backplane, as docs/protocol.md section 5 has it; lies on request. */
public final class SimEnroller implements SimSaas.Requests {
    static final KeyRole ORG = new KeyRole("org", KeyRole.Form.HEX_SEED);
    static final KeyRole ISSUER = new KeyRole("issuer", KeyRole.Form.HEX_SEED);

    private final JsonFormat json = new SimJson();
    private final SimKeyring keyring;
    private final TimeSource time;
    private final Entropy entropy;
    private final VerifyKey.Ed25519 receiptKey;
    private final TokenWriter tokens;
    final List<Value.Obj> asked = new ArrayList<>();
    UnaryOperator<Value.Obj> lie = answer -> answer;
    UnaryOperator<Value.Obj> reply = whole -> whole;

    @Nullable PortException refuses;

    boolean answersAreLost;
    private Duration tokenLife = Duration.ofDays(200);
    private List<String> gateways = List.of("https://gateway.example:8443");
    private int renewals;

    /** How long server tokens are good from now on. */
    public void tokenLife(Duration life) {
        tokenLife = life;
    }

    /** Where nodes are told to go from now on. */
    public void gateways(List<String> urls) {
        gateways = List.copyOf(urls);
    }

    /** What it says to everybody from now on; null: it answers. */
    public void fails(@Nullable PortException fault) {
        refuses = fault;
    }

    /** How often a node was given a fresh answer. */
    public int renewals() {
        return renewals;
    }

    String nonce = "";

    /** One with fresh keys. */
    public SimEnroller(TimeSource time, Entropy entropy, VerifyKey.Ed25519 receiptKey) {
        this.time = time;
        this.entropy = entropy;
        this.receiptKey = receiptKey;
        this.keyring = new SimKeyring(entropy);
        keyring.ensure(ORG);
        keyring.ensure(ISSUER);
        this.tokens = new TokenWriter(json, keyring, entropy);
    }

    public VerifyKey.Ed25519 organisation() {
        return keyring.publicKey(ORG).orElseThrow();
    }

    /** A provisioning token signed by the organisation. */
    public String token() {
        return token(ORG);
    }

    String token(KeyRole signer) {
        keyring.ensure(signer);
        return tokens.provisioning(
                new ProvisioningToken.Draft(
                        Secret.of("shared-secret"),
                        List.of(URI.create("https://gateway.example:8443")),
                        "choria",
                        Value.obj("customer", Value.text("one")),
                        List.of("ab".repeat(32))),
                signer,
                time.wall(),
                Duration.ofDays(30));
    }

    /** A token of the organisation with one claim changed. */
    String tokenWith(String claim, Value value) {
        Value.Obj claims = (Value.Obj) json.read(Base64.getUrlDecoder().decode(token().split("\\.", -1)[1]));
        return new JwtWriter(json, keyring).sign(claims.with(claim, value), ORG);
    }

    @Override
    public byte[] answer(String name, byte[] body) {
        PortException no = refuses;
        if (no != null) {
            throw no;
        }
        if (name.equals("enrol/challenge")) {
            nonce = entropy.hex(32);
            return json.write(Value.obj("nonce", Value.text(nonce), "expires_seconds", Value.num(60)));
        }
        Value.Obj request = (Value.Obj) json.read(body);
        if (name.equals("renew")) {
            renewals++;
            // a gateway knows the node from its session; here there is one node only
            Value.Obj known =
                    asked.getLast().with("node_nonce", request.get("node_nonce").orElseThrow());
            return json.write(reply.apply(enrol(known)));
        }
        asked.add(request);
        checkProofs(request);
        byte[] answer = json.write(reply.apply(enrol(request)));
        if (answersAreLost) {
            throw new PortException.Unavailable("link.timeout", "the answer got lost");
        }
        return answer;
    }

    private void checkProofs(Value.Obj r) {
        String proof = String.join(
                " ",
                "mr-enrol-1",
                text(r, "identity"),
                text(r, "public_key"),
                text(r, "public_nkey"),
                nonce,
                text(r, "node_nonce"));
        boolean good = new SimSignatures()
                .verify(
                        VerifyKey.hex(text(r, "public_key")),
                        proof.getBytes(StandardCharsets.UTF_8),
                        HexFormat.of().parseHex(text(r, "signature")));
        if (!good || !text(r, "nonce").equals(nonce)) {
            throw new PortException.Refused("enrol.proof", "the key is not proven");
        }
    }

    private Value.Obj enrol(Value.Obj r) {
        Instant now = time.wall();
        String issuer = tokens.chainIssuer(
                new ClientToken.Draft(
                        "backplane",
                        keyring.publicKey(ISSUER).orElseThrow(),
                        List.of(ClientToken.PROVISIONER),
                        "choria"),
                ORG,
                now,
                Duration.ofDays(300));
        ClientToken above = new TokenVerifier(json, new SimSignatures())
                .chainIssuer(issuer, organisation(), ClientToken.PROVISIONER, now)
                .verified()
                .orElseThrow();
        String server = tokens.server(
                new ServerToken.Draft(
                        text(r, "identity"), VerifyKey.hex(text(r, "public_key")), List.of("submission"), "choria"),
                ISSUER,
                above,
                now,
                tokenLife);
        Value.Obj content = Value.obj("protocol", Value.text("io.machineroom.enrolment.v1"))
                .with("node_nonce", Value.text(text(r, "node_nonce")))
                .with("identity", Value.text(text(r, "identity")))
                .with("public_key", Value.text(text(r, "public_key")))
                .with("customer", Value.text("one"))
                .with("site", Value.text("north"))
                .with("server_jwt", Value.text(server))
                .with("configuration", Value.obj("alive.interval", Value.text("30m")))
                .with("receipt_key", Value.text(receiptKey.hexText()))
                .with("list_serial", Value.num(7))
                .with("nats_jwt", Value.text(""))
                .with("nats_urls", Value.arr())
                .with("https_urls", Value.texts(gateways))
                .with("ca_pins", Value.texts(List.of("ab".repeat(32))))
                .with("issued", Value.num(now.getEpochSecond()));
        return signed(ISSUER, lie.apply(content), issuer);
    }

    Value.Obj signed(KeyRole role, Value.Obj content, String issuer) {
        keyring.ensure(role);
        String encoded = Base64.getEncoder().encodeToString(json.write(content));
        byte[] signature = keyring.sign(role, ("mr-enrol-answer-1." + encoded).getBytes(StandardCharsets.US_ASCII));
        return Value.obj(
                "answer",
                Value.text(encoded),
                "signature",
                Value.text(HexFormat.of().formatHex(signature)),
                "issuer",
                Value.text(issuer));
    }

    private static String text(Value.Obj in, String key) {
        return in.text(key).orElseThrow(() -> new PortException.Refused("enrol.request", key + " is missing"));
    }
}
