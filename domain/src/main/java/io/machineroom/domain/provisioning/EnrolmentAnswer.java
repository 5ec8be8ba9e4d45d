package io.machineroom.domain.provisioning;

import io.machineroom.domain.tokens.ClientToken;
import io.machineroom.domain.tokens.ServerToken;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.domain.tokens.Verdict;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Believes the answer to an enrolment only when everything in it fits: the chain issuer stands below the
 * organisation issuer, it signed the answer, the answer is to this node's nonce, name and key, and the
 * server token chains to the organisation and names the same.
 */
final class EnrolmentAnswer {
    private static final String PROTOCOL = "io.machineroom.enrolment.v1";
    private static final String PREFIX = "mr-enrol-answer-1.";

    private final JsonFormat json;
    private final Signatures signatures;
    private final TokenVerifier verifier;
    private final TimeSource time;
    private final Function<Map<String, String>, List<Problem>> settingsCheck;

    EnrolmentAnswer(
            JsonFormat json,
            Signatures signatures,
            TokenVerifier verifier,
            TimeSource time,
            Function<Map<String, String>, List<Problem>> settingsCheck) {
        this.json = json;
        this.signatures = signatures;
        this.verifier = verifier;
        this.time = time;
        this.settingsCheck = settingsCheck;
    }

    /**
     * Who asked.
     *
     * @param issuer the organisation issuer
     * @param nodeKey NATS user key, {@code U…}
     * @param nodeNonce 64 hex digits
     * @param since newest time that was signed for this node so far, Unix seconds
     */
    record Asked(
            VerifyKey.Ed25519 issuer,
            String identity,
            VerifyKey.Ed25519 publicKey,
            String nodeKey,
            String nodeNonce,
            long since) {}

    /**
     * The enrolment, when it counts.
     *
     * @throws PortException.Refused {@code enrol.answer}, {@code enrol.issuer}, {@code enrol.settings}
     */
    Enrolment check(Value.Obj reply, Asked question) {
        String encoded = reply.text("answer").orElseThrow(() -> answer("it holds no answer"));
        Value.Obj content = decode(encoded);
        Instant now = newest(question, content);
        ClientToken issuer = verified(
                "enrol.issuer",
                "the issuer's token",
                verifier.chainIssuer(reply.text("issuer").orElse(""), question.issuer(), ClientToken.PROVISIONER, now));
        VerifyKey.Ed25519 key =
                issuer.key().orElseThrow(() -> new PortException.Refused("enrol.issuer", "the issuer has no key"));
        if (!signed(key, encoded, reply.text("signature").orElse(""))) {
            throw answer("its signature is not the issuer's");
        }
        require(content.text("protocol").orElse("").equals(PROTOCOL), "its protocol is not " + PROTOCOL);
        require(content.text("node_nonce").orElse("").equals(question.nodeNonce()), "it is not to this node's nonce");
        Enrolment enrolment = read(content, question.nodeKey());
        require(enrolment.identity().equals(question.identity()), "it names another node");
        require(enrolment.publicKey().equals(question.publicKey()), "it names another key");
        ServerToken server = verified(
                "enrol.answer",
                "the server token",
                verifier.server(enrolment.serverJwt().useText(t -> t), question.issuer(), now));
        require(server.claims().isChained(), "the server token is not from a chain issuer");
        require(
                server.identity().equals(enrolment.identity()) && server.key().equals(enrolment.publicKey()),
                "the server token names another node or key");
        List<Problem> problems = settingsCheck.apply(enrolment.configuration());
        if (!problems.isEmpty()) {
            throw new PortException.Refused(
                    "enrol.settings",
                    "its settings cannot be used: "
                            + String.join(
                                    "; ",
                                    problems.stream().map(Problem::toString).toList()));
        }
        return enrolment;
    }

    /** A node's clock may stand at 1970: whatever was signed for us happened before now. */
    private Instant newest(Asked question, Value.Obj content) {
        long issued = content.whole("issued").orElse(0L);
        // nothing here is verified yet: a liar's number must not be more than wrong
        long newest = Math.max(time.wall().getEpochSecond(), Math.max(question.since(), issued));
        return Instant.ofEpochSecond(Math.clamp(newest, 0, 1L << 40));
    }

    private Value.Obj decode(String encoded) {
        try {
            if (json.read(Base64.getDecoder().decode(encoded), 1 << 20) instanceof Value.Obj content) {
                return content;
            }
            throw answer("it is not an object");
        } catch (IllegalArgumentException noBase64) {
            throw new PortException.Refused("enrol.answer", "it is not base64", noBase64);
        }
    }

    private static Enrolment read(Value.Obj content, String nodeKey) {
        try {
            return EnrolmentText.read(content.without("node_key"), nodeKey);
        } catch (IllegalArgumentException fault) {
            throw new PortException.Refused("enrol.answer", String.valueOf(fault.getMessage()), fault);
        }
    }

    private boolean signed(VerifyKey.Ed25519 key, String encoded, String signature) {
        return signature.length() == 128
                && signature.chars().allMatch(HexFormat::isHexDigit)
                && signatures.verify(
                        key,
                        (PREFIX + encoded).getBytes(StandardCharsets.US_ASCII),
                        HexFormat.of().parseHex(signature));
    }

    private static <T> T verified(String code, String what, Verdict<T> verdict) {
        return verdict.verified()
                .orElseThrow(() -> new PortException.Refused(code, what + " does not count: " + verdict.rejection()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw answer(otherwise);
        }
    }

    private static PortException.Refused answer(String why) {
        return new PortException.Refused("enrol.answer", "the answer does not count: " + why);
    }
}
