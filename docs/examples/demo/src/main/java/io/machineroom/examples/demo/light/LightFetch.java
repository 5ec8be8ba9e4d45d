package io.machineroom.examples.demo.light;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;

/**
 * What a node does about a new list ({@code docs/protocol.md} sections 4 and 6), as far as the network notices: a connection of its own to the
 * leader's gateway, a session, the archive, and its digest.
 */
final class LightFetch {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private LightFetch() {}

    /** Fetches the first archive of a list. */
    static void archive(SSLContext trust, LightEnrolment who, byte[] list) throws IOException, InterruptedException {
        JacksonJson json = new JacksonJson();
        String plugins = ((Value.Obj) json.read(list)).text("plugins").orElseThrow();
        Value.Obj first = (Value.Obj) ((Value.Arr) json.read(Base64.getDecoder().decode(plugins)))
                .items()
                .getFirst();
        String path = URI.create(first.text("source").orElseThrow()).getPath();
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(trust)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            byte[] archive = get(http, who.gateway().resolve(path), session(http, json, who));
            String digest = HexFormat.of().formatHex(sha256(archive));
            if (!digest.equals(first.text("checksum").orElse(""))) {
                throw new IOException("an archive with the digest " + digest);
            }
        }
    }

    private static String session(HttpClient http, JacksonJson json, LightEnrolment who)
            throws IOException, InterruptedException {
        String key = who.key().hex();
        Value.Obj asked = Value.obj("public_key", Value.text(key));
        String nonce = LightEnrolment.post(http, json, who.gateway().resolve("/v1/session/challenge"), asked)
                .text("nonce")
                .orElseThrow();
        Value.Obj proof = asked.with("nonce", Value.text(nonce))
                .with("signature", Value.text(who.key().signHex("mr-session-1 " + key + " " + nonce)));
        return LightEnrolment.post(http, json, who.gateway().resolve("/v1/session"), proof)
                .text("session")
                .orElseThrow();
    }

    private static byte[] get(HttpClient http, URI from, String session) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(from)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + session)
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(from + " answered " + response.statusCode() + ": "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
