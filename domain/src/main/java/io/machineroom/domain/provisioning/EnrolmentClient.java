package io.machineroom.domain.provisioning;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Asks a gateway for an enrolment: proves both keys over the gateway's nonce and hands the answer to
 * {@link EnrolmentAnswer} (docs/protocol.md section 5).
 */
final class EnrolmentClient {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final JsonFormat json;
    private final Keyring keyring;
    private final EnrolmentAnswer answers;

    EnrolmentClient(JsonFormat json, Keyring keyring, EnrolmentAnswer answers) {
        this.json = json;
        this.keyring = keyring;
        this.answers = answers;
    }

    /**
     * One attempt.
     *
     * @throws PortException.Unavailable when the gateway cannot be reached or says "later"
     * @throws PortException.Refused {@code enrol.*} when it says no or its answer does not count
     */
    Enrolment enrol(Link link, Question question) throws InterruptedException {
        Value.Obj challenge = object(
                link.request("enrol/challenge", json.write(Value.obj()), LIMIT), "the challenge is not an object");
        String nonce = challenge
                .text("nonce")
                .filter(n -> n.matches("[0-9a-f]{64}"))
                .orElseThrow(() -> answer("the challenge has no nonce"));
        Value.Obj reply = object(
                link.request("enrol", json.write(request(question, nonce)), LIMIT), "the answer is not an object");
        refuseDeferred(reply);
        return answers.check(
                reply,
                new EnrolmentAnswer.Asked(
                        question.issuer(),
                        question.identity(),
                        question.publicKey(),
                        question.nodeKey(),
                        question.nodeNonce(),
                        question.found().token().claims().issued()));
    }

    private static void refuseDeferred(Value.Obj reply) {
        if (reply.get("defer_seconds").isPresent()) {
            Duration wait =
                    Duration.ofSeconds(Math.clamp(reply.whole("defer_seconds").orElse(60L), 1L, 3_600L));
            throw new PortException.Unavailable(
                    "enrol.deferred",
                    "the backplane asks to wait: " + reply.text("reason").orElse("no reason given"),
                    null,
                    wait);
        }
    }

    /**
     * Asks for a fresh answer in the session of an enrolled node.
     *
     * @throws PortException.Unavailable when the gateway cannot be reached or says "later"
     * @throws PortException.Refused {@code enrol.*} when it says no or its answer does not count
     */
    Enrolment renew(Link link, EnrolmentAnswer.Asked asked, Value.Obj inventory) throws InterruptedException {
        Value.Obj question = Value.obj("node_nonce", Value.text(asked.nodeNonce()), "inventory", inventory);
        Value.Obj reply = object(link.request("renew", json.write(question), LIMIT), "the answer is not an object");
        refuseDeferred(reply);
        return answers.check(reply, asked);
    }

    private Value request(Question q, String nonce) {
        String proof = String.join(
                " ", "mr-enrol-1", q.identity(), q.publicKey().hexText(), q.nodeKey(), nonce, q.nodeNonce());
        byte[] text = proof.getBytes(StandardCharsets.UTF_8);
        return Value.obj("token", Value.text(q.found().text().useText(t -> t)), "identity", Value.text(q.identity()))
                .with("public_key", Value.text(q.publicKey().hexText()))
                .with("public_nkey", Value.text(q.nodeKey()))
                .with("nonce", Value.text(nonce))
                .with("node_nonce", Value.text(q.nodeNonce()))
                .with("signature", hex(keyring.sign(KeyRole.IDENTITY, text)))
                .with("nkey_signature", hex(keyring.sign(KeyRole.NATS_USER, text)))
                .with("inventory", q.inventory());
    }

    private Value.Obj object(byte[] body, String otherwise) {
        if (json.read(body, 1 << 20) instanceof Value.Obj object) {
            return object;
        }
        throw answer(otherwise);
    }

    private static Value hex(byte[] signature) {
        return Value.text(HexFormat.of().formatHex(signature));
    }

    private static PortException.Refused answer(String why) {
        return new PortException.Refused("enrol.answer", why);
    }

    /**
     * Who asks, and with what.
     *
     * @param found the verified token
     * @param issuer the organisation issuer
     * @param identity name asked for
     * @param nodeKey NATS user key, {@code U…}
     * @param nodeNonce 64 hex digits, the same until an answer was accepted
     * @param inventory version and facts
     */
    record Question(
            TokenFile.Found found,
            VerifyKey.Ed25519 issuer,
            String identity,
            VerifyKey.Ed25519 publicKey,
            String nodeKey,
            String nodeNonce,
            Value.Obj inventory) {}
}
