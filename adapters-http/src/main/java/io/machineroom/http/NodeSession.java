package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The session of a node at one gateway: proves the identity key over the gateway's nonce
 * ({@code docs/protocol.md} section 4). Safe from any task; one renews, the others wait for it.
 */
final class NodeSession {
    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_ANSWER = 64 * 1024;

    private final GatewayClient client;
    private final Keyring keyring;
    private final KeyRole identityKey;
    private final JsonFormat json;
    private final TimeSource time;
    /** Holds one item while nobody opens a session: a lock that waits as everything here does, through the port. */
    private final Mailbox<Boolean> turn;

    private @Nullable Token token;

    NodeSession(
            GatewayClient client, Keyring keyring, KeyRole identityKey, JsonFormat json, Tasks tasks, TimeSource time) {
        this.client = client;
        this.keyring = keyring;
        this.identityKey = identityKey;
        this.json = json;
        this.time = time;
        this.turn = tasks.mailbox(1);
        this.turn.offer(true);
    }

    /**
     * The value of the {@code Authorization} header; opens a session when there is none or it ends soon.
     *
     * @throws PortException.Unavailable {@code link.unauthorized} when the gateway does not know us, and those
     *     of the exchange
     */
    Token current(Duration timeout) throws InterruptedException {
        turn.take();
        try {
            Token now = token;
            if (now == null || time.ticks() - now.renewAtTicks() >= 0) {
                now = open(timeout);
                token = now;
            }
            return now;
        } finally {
            turn.offer(true);
        }
    }

    /** The gateway no longer takes this one. */
    void forget(Token old) throws InterruptedException {
        turn.take();
        try {
            if (old.equals(token)) {
                token = null;
            }
        } finally {
            turn.offer(true);
        }
    }

    private Token open(Duration timeout) throws InterruptedException {
        String key = keyring.publicKey(identityKey)
                .orElseThrow(() -> new PortException.Refused("key.missing", "there is no key " + identityKey.name()))
                .hexText();
        Value.Obj challenge = post("/v1/session/challenge", Value.obj("public_key", Value.text(key)), timeout);
        String nonce = challenge
                .text("nonce")
                .filter(text -> NONCE.matcher(text).matches())
                .orElseThrow(() -> broken("nonce"));
        String proof = "mr-session-1 " + key + " " + nonce;
        byte[] signature = keyring.sign(identityKey, proof.getBytes(StandardCharsets.UTF_8));
        Value.Obj session = post(
                "/v1/session",
                Value.obj(
                        "public_key", Value.text(key),
                        "nonce", Value.text(nonce),
                        "signature", Value.text(HexFormat.of().formatHex(signature))),
                timeout);
        String bearer = session.text("session")
                .filter(text -> text.matches("[\\x21-\\x7e]{1,1024}"))
                .orElseThrow(() -> broken("session"));
        long seconds = Math.clamp(session.whole("expires_seconds").orElse(900L), 2, 86_400);
        long early = Math.min(60, seconds / 2);
        return new Token(
                Secret.of("Bearer " + bearer),
                time.ticks() + Duration.ofSeconds(seconds - early).toNanos());
    }

    private Value.Obj post(String path, Value body, Duration timeout) throws InterruptedException {
        GatewayClient.Answer answer = client.send(new GatewayClient.Ask(
                "POST", path, Map.of("Content-Type", "application/json"), json.write(body), timeout, MAX_ANSWER));
        if (answer.status() == 401 || answer.status() == 403) {
            throw unauthorized(client.server());
        }
        if (!answer.ok()) {
            PortException why = Failures.refused(answer, json, client.server());
            throw why instanceof PortException.Refused
                    ? new PortException.Unavailable("link.status", String.valueOf(why.getMessage()), why)
                    : why;
        }
        try {
            if (json.read(answer.body(), MAX_ANSWER) instanceof Value.Obj found) {
                return found;
            }
        } catch (PortException.Refused e) {
            throw new PortException.Unavailable("link.answer", client.server() + " answered with no JSON", e);
        }
        throw broken("object");
    }

    static PortException.Unavailable unauthorized(String server) {
        return new PortException.Unavailable(
                "link.unauthorized", server + " does not know this node's key: not enrolled there, or released");
    }

    private PortException.Unavailable broken(String what) {
        return new PortException.Unavailable("link.answer", client.server() + " answered without a proper " + what);
    }

    /**
     * A session.
     *
     * @param header value of the {@code Authorization} header
     * @param renewAtTicks when to ask for the next
     */
    record Token(Secret header, long renewAtTicks) {
        @Override
        public String toString() {
            return "session";
        }
    }
}
