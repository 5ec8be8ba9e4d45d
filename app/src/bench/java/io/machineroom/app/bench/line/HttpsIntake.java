package io.machineroom.app.bench.line;

import io.machineroom.app.codec.CloudEventsJsonFormat;
import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.http.RealHttp;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.nats.client.Connection;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The gateway of the product with a handler that does what the backplane does with a leader's batches as far as the line notices:
 * each record goes into the stream, and the answer comes when all are stored. It lets everybody in. Safe from any thread.
 */
final class HttpsIntake implements Gateway.Handler {
    static final String FILE = "gateway";
    private static final int MAX_EVENTS = 1_001;

    private final Connection own;
    private final JacksonJson json = new JacksonJson();
    private final List<EventFormat> formats = formats(json);

    private HttpsIntake(Connection own) {
        this.own = own;
    }

    static List<EventFormat> formats(JacksonJson json) {
        return List.of(new CloudEventsProtobufFormat(json), new CloudEventsJsonFormat(json));
    }

    /** Opens it with the broker's certificate, and writes its address beside that. */
    static Gateway.Running open(Path folder, String address, Connection own) throws IOException {
        SystemRuntime runtime = new SystemRuntime();
        Path tls = folder.resolve("tls");
        Gateway.Settings settings = new Gateway.Settings(
                address, 0, new PinnedTls().server(tls.resolve("server.pem"), tls.resolve("server.key")), 1 << 20, 256);
        Gateway.Running running = RealHttp.gateway(new JacksonJson(), new VirtualThreadTasks(), runtime, runtime)
                .serve(settings, new HttpsIntake(own));
        Files.writeString(folder.resolve(FILE), running.url().toString());
        return running;
    }

    @Override
    public Gateway.Response handle(Gateway.Request request) throws InterruptedException {
        return switch (request.path()) {
            case "/v1/time" -> answer(Value.obj("time", Value.num(System.currentTimeMillis() / 1_000)));
            case "/v1/session/challenge" ->
                answer(Value.obj("nonce", Value.text("00".repeat(32)), "expires_seconds", Value.num(60)));
            case "/v1/session" -> answer(Value.obj("session", Value.text("any"), "expires_seconds", Value.num(900)));
            case "/v1/events" -> events(request);
            default -> throw new PortException.Refused("gateway.absent", "nothing at " + request.path());
        };
    }

    private Gateway.Response answer(Value.Obj document) {
        return Gateway.Response.of(200, "application/json", json.write(document));
    }

    private Gateway.Response events(Gateway.Request request) throws InterruptedException {
        String type = request.header("Content-Type").orElse("");
        EventFormat format = formats.stream()
                .filter(f -> f.batchContentType().equals(type))
                .findFirst()
                .orElseThrow(() -> new PortException.Refused("batch.invalid", type));
        List<byte[]> all = format.split(request.body(), MAX_EVENTS);
        List<CompletableFuture<PublishAck>> stored = new ArrayList<>();
        List<Value> answers = new ArrayList<>();
        int event = 1;
        for (Value each : format.decode(all.getFirst()).data().list("groups")) {
            Value.Obj group = (Value.Obj) each;
            List<Value> entries = group.list("entries");
            for (Value entry : entries) {
                stored.add(store(group, (Value.Obj) entry, all.get(event++)));
            }
            answers.add(Value.obj("accepted", Value.num(entries.size()), "receipts", Value.arr()));
        }
        try {
            for (CompletableFuture<PublishAck> each : stored) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new PortException.Unavailable("store.broken", "the stream did not take it", e);
        }
        return answer(Value.obj("groups", new Value.Arr(answers)));
    }

    private CompletableFuture<PublishAck> store(Value.Obj group, Value.Obj entry, byte[] body) {
        Headers headers = new Headers()
                .add("Mr-Epoch", group.text("epoch").orElseThrow())
                .add("Mr-Number", Long.toString(entry.whole("n").orElseThrow()))
                .add("Mr-Id", entry.text("id").orElseThrow());
        try {
            return own.jetStream()
                    .publishAsync(NatsMessage.builder()
                            .subject("mr.https.event")
                            .headers(headers)
                            .data(body)
                            .build());
        } catch (IOException e) {
            throw new PortException.Unavailable("store.broken", "the stream cannot be reached", e);
        }
    }
}
