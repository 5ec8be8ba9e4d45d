package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.stream.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Spec streams 2.5: what travels. */
final class SubmissionEnvelopeTest {
    private static final byte[] BODY = "hello".getBytes(StandardCharsets.UTF_8);

    private final SimTasks tasks = new SimTasks(6);
    private final SimKeyring keyring = new SimKeyring(tasks.entropy());
    private final SimSignatures signatures = new SimSignatures();
    private final SubmissionEnvelope envelope = new SubmissionEnvelope(keyring, signatures);

    private Submission message(Value.Obj changes) {
        Value.Obj file = SubmissionFormat.fresh(
                        "x", BODY, "", Instant.EPOCH.plusNanos(1_700_000_000_000_000_123L), tasks.entropy())
                .with("sender", Value.text("ginkgo"));
        for (var change : changes.fields().entrySet()) {
            file = file.with(change.getKey(), change.getValue());
        }
        return SubmissionFormat.read(file, "spare");
    }

    @Test
    void sub08HasExactlyTheHeadersOfTheOriginal() {
        Submission from = message(Value.obj("priority", Value.num(2), "tries", Value.num(1))
                .with("headers", Value.obj("Hello", Value.text("World"))));
        Message out = envelope.message(from, "x");
        assertEquals("x.x", out.subject().text());
        assertEquals(from.id(), out.id());
        assertEquals(
                Map.of(
                        "Choria-Priority", "2",
                        "Choria-Created", "1700000000000000123",
                        "Choria-Sender", "ginkgo",
                        "Choria-Tries", "1",
                        "Hello", "World"),
                out.headers());
    }

    @Test
    void tellsReliableAndTheNode() {
        Message out = envelope.message(
                message(Value.obj("reliable", Value.bool(true))).at("n1"), Submission.PREFIX);
        assertEquals("choria.submission.in.x", out.subject().text());
        assertEquals("1", out.headers().get("Choria-Reliable"));
        assertEquals("n1", out.headers().get("Choria-Identity"));
        assertFalse(out.headers().containsKey("Choria-Tries"));
    }

    @Test
    void sub13CannotSignWithoutASeed() {
        PortException.Refused why = assertThrows(
                PortException.Refused.class,
                () -> envelope.message(message(Value.obj("sign", Value.bool(true))), Submission.PREFIX));
        assertEquals("seed file not found", why.getMessage());
    }

    @Test
    void streamsW39SignsWhatCouldBeChangedOrReplayed() {
        VerifyKey.Ed25519 key = keyring.ensure(KeyRole.IDENTITY);
        Message out = envelope.message(
                message(Value.obj("sign", Value.bool(true)).with("headers", Value.obj("A", Value.text("b"))))
                        .at("n1"),
                Submission.PREFIX);
        assertEquals(key.hexText(), out.headers().get(SubmissionEnvelope.KEY));
        assertTrue(signatures.verify(key, BODY, hex(out, "Choria-Signature")));
        byte[] signature = hex(out, SubmissionEnvelope.SIGNATURE);
        assertTrue(signatures.verify(key, canonical(out, out.subject().text(), out.headers()), signature));
        assertFalse(signatures.verify(key, canonical(out, "choria.submission.in.y", out.headers()), signature));
        for (String header : List.of("A", "Choria-Created", "Choria-Sender", "Choria-Priority", "Choria-Identity")) {
            Map<String, String> other = new HashMap<>(out.headers());
            other.put(header, "9");
            assertFalse(signatures.verify(key, canonical(out, out.subject().text(), other), signature), header);
        }
        Map<String, String> onTheWay = new HashMap<>(out.headers());
        onTheWay.putAll(Map.of("Mr-Node", "U", "Nats-Msg-Id", "z"));
        assertTrue(signatures.verify(key, canonical(out, out.subject().text(), onTheWay), signature));
    }

    /** Over HTTPS the encoding stands in the manifest, and comes out of it under this name. */
    @Test
    void streamsW39SignsTheEncodingInTheSpellingInWhichItArrives() {
        VerifyKey.Ed25519 key = keyring.ensure(KeyRole.IDENTITY);
        Message out = envelope.message(
                message(Value.obj("sign", Value.bool(true))
                        .with("headers", Value.obj("content-TYPE", Value.text("text/plain")))),
                Submission.PREFIX);
        assertEquals("text/plain", out.contentType());
        assertFalse(out.headers().containsKey("content-TYPE"));
        byte[] signature = hex(out, SubmissionEnvelope.SIGNATURE);
        assertTrue(signatures.verify(key, canonical(out, out.subject().text(), out.headers()), signature));
    }

    @Test
    void streamsW57NeverAttachesTheToken() {
        keyring.ensure(KeyRole.IDENTITY);
        Message out = envelope.message(message(Value.obj("sign", Value.bool(true))), Submission.PREFIX);
        assertFalse(out.headers().containsKey("Choria-Token"));
    }

    private byte[] canonical(Message out, String subject, Map<String, String> headers) {
        return SubmissionEnvelope.canonical(out.id(), subject, headers, signatures.sha256(out.bytes()));
    }

    private static byte[] hex(Message out, String header) {
        return HexFormat.of().parseHex(String.valueOf(out.headers().get(header)));
    }
}
