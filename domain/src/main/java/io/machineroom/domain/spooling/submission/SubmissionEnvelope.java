package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A submission as it travels: the raw payload with the headers of spec streams 2.5. {@code sign} adds Choria's signature,
 * which is over the payload only, and one over {@link #canonical}. The node's token is never attached.
 */
public final class SubmissionEnvelope {
    /** Header of the signature over {@link #canonical}, lower-case hex. */
    public static final String SIGNATURE = "Machine-Room-Signature";

    /** Header of the Ed25519 public key that signed, lower-case hex. */
    public static final String KEY = "Machine-Room-Key";

    static final String CREATED = "Choria-Created";
    static final String SENDER = "Choria-Sender";

    private final Keyring keyring;
    private final Signatures signatures;

    SubmissionEnvelope(Keyring keyring, Signatures signatures) {
        this.keyring = keyring;
        this.signatures = signatures;
    }

    /**
     * The message of a submission; its id becomes {@code Nats-Msg-Id} at whoever sends it.
     *
     * @param prefix what stands before its subject
     * @throws PortException.Refused {@code submission.invalid} when it cannot be signed
     */
    Message message(Submission from, String prefix) {
        Subject subject = Subject.of(from.subject()).under(prefix);
        Map<String, String> headers = new LinkedHashMap<>();
        // the encoding travels outside of the headers on some ways, and comes back in this spelling: it is signed so
        from.headers()
                .forEach((name, value) ->
                        headers.put(name.equalsIgnoreCase(Message.CONTENT_TYPE) ? Message.CONTENT_TYPE : name, value));
        headers.put("Choria-Priority", Integer.toString(from.priority()));
        headers.put(CREATED, nanoseconds(from.created()));
        headers.put(SENDER, from.sender());
        if (from.reliable()) {
            headers.put("Choria-Reliable", "1");
        }
        if (from.tries() > 0) {
            headers.put("Choria-Tries", Long.toString(from.tries()));
        }
        if (!from.identity().isEmpty()) {
            headers.put("Choria-Identity", from.identity());
        }
        if (from.sign()) {
            sign(from, subject, headers);
        }
        return new Message(subject, from.id(), headers, from.payload(), from.created());
    }

    private void sign(Submission from, Subject subject, Map<String, String> headers) {
        if (!keyring.has(KeyRole.IDENTITY)) {
            throw SubmissionFormat.invalid("seed file not found");
        }
        byte[] envelope = canonical(from.id(), subject.text(), headers, signatures.sha256(from.bytes()));
        HexFormat hex = HexFormat.of();
        headers.put("Choria-Signature", hex.formatHex(keyring.sign(KeyRole.IDENTITY, from.bytes())));
        headers.put(SIGNATURE, hex.formatHex(keyring.sign(KeyRole.IDENTITY, envelope)));
        keyring.publicKey(KeyRole.IDENTITY).ifPresent(key -> headers.put(KEY, key.hexText()));
    }

    /**
     * What is signed: lines of UTF-8, each ended by a line feed: {@code mr-submission-1}, the id, the subject with its
     * prefix, the SHA-256 of the payload in hex, then {@code name: value} of each header but signatures and key, sorted by
     * name. Headers hold no line feeds.
     *
     * @param sha256 of the payload, lower-case hex
     */
    public static byte[] canonical(String id, String subject, Map<String, String> headers, String sha256) {
        StringBuilder out = new StringBuilder("mr-submission-1\n");
        out.append(id).append('\n').append(subject).append('\n');
        out.append(sha256).append('\n');
        Map<String, String> sorted = new TreeMap<>(headers);
        sorted.keySet().removeIf(SubmissionEnvelope::isUnsigned);
        sorted.forEach(
                (name, value) -> out.append(name).append(": ").append(value).append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What is added behind the signature, by this node or on the way. */
    private static boolean isUnsigned(String name) {
        return name.equals("Choria-Signature")
                || name.equals(SIGNATURE)
                || name.equals(KEY)
                || name.startsWith("Mr-")
                || name.startsWith("Nats-");
    }

    static String nanoseconds(Instant at) {
        return java.math.BigInteger.valueOf(at.getEpochSecond())
                .multiply(java.math.BigInteger.valueOf(1_000_000_000L))
                .add(java.math.BigInteger.valueOf(at.getNano()))
                .toString();
    }
}
