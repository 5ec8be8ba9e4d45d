package io.machineroom.app.backplane;

import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A node that speaks the wire of {@code docs/protocol.md} without the agent. */
final class TestNode {
    final String identity;
    final Epoch epoch;
    private final Supplier<URI> gateway;
    private final BackplaneGraph graph;
    private final HttpClient http;
    private final Keyring keys;
    private final Entropy entropy;
    private Value.Obj answer = Value.obj();

    TestNode(RunningBackplane backplane, Path directory, String identity, Epoch epoch) {
        this(backplane::gateway, backplane.offline.resolve("ca.pem"), directory, identity, epoch);
    }

    /** A node that knows another gateway than the SaaS's. */
    TestNode(Supplier<URI> gateway, Path ca, Path directory, String identity, Epoch epoch) {
        this.identity = identity;
        this.epoch = epoch;
        this.gateway = gateway;
        this.graph = DaggerBackplaneComponent.factory().create(new StateDirectory(directory));
        this.keys = graph.trust().keys();
        this.entropy = graph.means().entropy();
        keys.ensure(KeyRole.IDENTITY);
        keys.ensure(KeyRole.NATS_USER);
        TrustPolicy trust = new TrustPolicy(
                List.of(graph.certificates().pin(ca)), Instant.now().getEpochSecond());
        this.http = HttpClient.newBuilder()
                .sslContext(graph.trust().tls().client(trust))
                .build();
    }

    String key() {
        return keys.publicKey(KeyRole.IDENTITY).orElseThrow().hexText();
    }

    String nkey() {
        return keys.publicNkey(KeyRole.NATS_USER).orElseThrow();
    }

    private String sign(KeyRole role, String text) {
        return HexFormat.of().formatHex(keys.sign(role, text.getBytes(StandardCharsets.UTF_8)));
    }

    HttpResponse<byte[]> http(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.get().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    Value.Obj post(String path, Value.Obj body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http("POST", path, graph.json().write(body));
        return (Value.Obj) graph.json().read(response.body());
    }

    Value.Obj enrol(String token) throws IOException, InterruptedException {
        String nonce = post("/v1/enrol/challenge", Value.obj()).text("nonce").orElseThrow();
        String nodeNonce = entropy.hex(32);
        String text = "mr-enrol-1 " + identity + " " + key() + " " + nkey() + " " + nonce + " " + nodeNonce;
        Value.Obj reply = post(
                "/v1/enrol",
                Value.obj("token", Value.text(token), "identity", Value.text(identity))
                        .with("public_key", Value.text(key()))
                        .with("public_nkey", Value.text(nkey()))
                        .with("nonce", Value.text(nonce))
                        .with("node_nonce", Value.text(nodeNonce))
                        .with("signature", Value.text(sign(KeyRole.IDENTITY, text)))
                        .with("nkey_signature", Value.text(sign(KeyRole.NATS_USER, text)))
                        .with("inventory", Value.obj("version", Value.text("1.0.0"))));
        byte[] decoded = Base64.getDecoder()
                .decode(reply.text("answer").orElseThrow(() -> new IllegalStateException("refused: " + reply)));
        answer = (Value.Obj) graph.json().read(decoded);
        return answer;
    }

    Value.Obj answer() {
        return answer;
    }

    /** A fresh answer in a session of its own. */
    Value.Obj renew() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http(
                "POST",
                "/v1/renew",
                graph.json().write(Value.obj("node_nonce", Value.text(entropy.hex(32)))),
                "Authorization",
                "Bearer " + session());
        Value.Obj reply = (Value.Obj) graph.json().read(response.body());
        answer = (Value.Obj) graph.json()
                .read(Base64.getDecoder().decode(reply.text("answer").orElseThrow()));
        return answer;
    }

    /** Asks in a session of its own. */
    Value.Obj inSession(String path, Value.Obj body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http("POST", path, graph.json().write(body), "Authorization", "Bearer " + session());
        return ((Value.Obj) graph.json().read(response.body())).with("http", Value.num(response.statusCode()));
    }

    String session() throws IOException, InterruptedException {
        String nonce = post("/v1/session/challenge", Value.obj("public_key", Value.text(key())))
                .text("nonce")
                .orElseThrow();
        String signature = sign(KeyRole.IDENTITY, "mr-session-1 " + key() + " " + nonce);
        return post(
                        "/v1/session",
                        Value.obj(
                                "public_key", Value.text(key()),
                                "nonce", Value.text(nonce),
                                "signature", Value.text(signature)))
                .text("session")
                .orElseThrow();
    }

    Link nats() throws InterruptedException {
        return nats(answer.text("nats_jwt").orElseThrow(), answer.texts("nats_urls"), answer.texts("ca_pins"));
    }

    /** With the node's key, and whatever says that it may. */
    Link nats(String jwt, List<String> urls, List<String> pins) throws InterruptedException {
        Endpoint.Credentials.Node who =
                new Endpoint.Credentials.Node(identity, nkey(), Secret.of(jwt), KeyRole.NATS_USER, KeyRole.IDENTITY);
        return graph.doors()
                .nats()
                .connect(new Endpoint(
                        urls.stream().map(URI::create).toList(),
                        new TrustPolicy(pins, Instant.now().getEpochSecond()),
                        who,
                        identity,
                        Duration.ofSeconds(10)));
    }

    BackplaneGraph graph() {
        return graph;
    }

    /** Events with these numbers; the id of number n is {@code id-n} for every node. */
    List<Delivery> deliveries(long from, long through) {
        return deliveries("id-", from, through);
    }

    /** The same with other ids, as a clone would have them. */
    List<Delivery> deliveries(String prefix, long from, long through) {
        EventFormat format = graph.doors().formats().getFirst();
        List<Delivery> out = new ArrayList<>();
        for (long n = from; n <= through; n++) {
            Event event = new Event(
                    prefix + n,
                    "io.choria.machine",
                    "io.choria.machine.v1.transition",
                    identity,
                    Instant.now(),
                    Value.obj("n", Value.num(n)));
            Message message = new Message(
                    Subject.of("choria.machine.transition"),
                    prefix + n,
                    Map.of(Message.CONTENT_TYPE, format.contentType()),
                    ByteBuffer.wrap(format.encode(event)),
                    Instant.now());
            out.add(new Delivery(new Position(n, 0), Stamp.message(epoch, null, Lane.NORMAL, n), message, 1));
        }
        return out;
    }

    /** Sends over HTTPS as one batch. */
    HttpResponse<byte[]> batch(String session, long from, long through) throws IOException, InterruptedException {
        return batch(session, deliveries(from, through));
    }

    HttpResponse<byte[]> batch(String session, List<Delivery> deliveries) throws IOException, InterruptedException {
        EventFormat format = graph.doors().formats().getFirst();
        List<Value> entries = new ArrayList<>();
        List<ByteBuffer> parts = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            entries.add(Value.obj(
                            "n", Value.num(delivery.stamp().from()),
                            "id", Value.text(delivery.message().id()))
                    .with("s", Value.text(delivery.message().subject().text()))
                    .with("t", Value.text(delivery.message().created().toString())));
            parts.add(delivery.message().body());
        }
        Event manifest = new Event(
                "m",
                "io.machineroom.agent",
                "io.machineroom.batch.v1",
                identity,
                Instant.now(),
                Value.obj("entries", new Value.Arr(entries)));
        parts.addFirst(ByteBuffer.wrap(format.encode(manifest)));
        return http(
                "POST",
                "/v1/events",
                format.join(parts),
                "Authorization",
                "Bearer " + session,
                "Content-Type",
                format.batchContentType(),
                "Mr-Epoch",
                epoch.wire(),
                "Mr-Lane",
                "normal");
    }
}
