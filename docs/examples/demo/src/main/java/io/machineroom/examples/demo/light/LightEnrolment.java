package io.machineroom.examples.demo.light;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Who a light node is after it enrolled ({@code docs/protocol.md} section 5).
 *
 * @param identity its name
 * @param gateway where its leader's gateway is
 * @param key who it is there
 * @param user the key of its NATS user
 * @param userJwt what that user may do
 * @param brokers where its broker is
 */
record LightEnrolment(String identity, URI gateway, LightKeys key, LightKeys user, String userJwt, List<URI> brokers) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    static LightEnrolment at(HttpClient http, URI gateway, String token, String identity)
            throws IOException, InterruptedException {
        LightKeys key = new LightKeys();
        LightKeys user = new LightKeys();
        JacksonJson json = new JacksonJson();
        String nonce = post(http, json, gateway.resolve("/v1/enrol/challenge"), Value.obj())
                .text("nonce")
                .orElseThrow();
        byte[] own = new byte[32];
        RANDOM.nextBytes(own);
        String nodeNonce = HexFormat.of().formatHex(own);
        String proven = "mr-enrol-1 " + identity + " " + key.hex() + " " + user.user() + " " + nonce + " " + nodeNonce;
        Value.Obj body = Value.obj("token", Value.text(token), "identity", Value.text(identity))
                .with("public_key", Value.text(key.hex()))
                .with("public_nkey", Value.text(user.user()))
                .with("nonce", Value.text(nonce))
                .with("node_nonce", Value.text(nodeNonce))
                .with("signature", Value.text(key.signHex(proven)))
                .with("nkey_signature", Value.text(user.signHex(proven)))
                .with("inventory", Value.obj("version", Value.text("light"), "facts", Value.obj()));
        Value.Obj reply = post(http, json, gateway.resolve("/v1/enrol"), body);
        byte[] answer = Base64.getDecoder().decode(reply.text("answer").orElseThrow());
        Value.Obj read = (Value.Obj) json.read(answer);
        List<URI> brokers = read.texts("nats_urls").stream().map(URI::create).toList();
        return new LightEnrolment(
                identity, gateway, key, user, read.text("nats_jwt").orElseThrow(), brokers);
    }

    static Value.Obj post(HttpClient http, JacksonJson json, URI to, Value.Obj body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(to)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.write(body)))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(to + " answered " + response.statusCode() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return (Value.Obj) json.read(response.body());
    }
}
