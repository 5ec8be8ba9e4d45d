package io.machineroom.app.bench.line;

import io.nats.client.Connection;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Events of {@value #NODES} nodes with the headers of the protocol, bodies of {@value #BODY} bytes. One thread. */
final class Events {
    static final int BODY = 512;
    private static final int NODES = 100;
    private static final int WINDOW = 4_096;

    private final Connection site;
    private final SplittableRandom random = new SplittableRandom(1);
    private int run;
    private long alarms;

    Events(Connection site) {
        this.site = site;
    }

    /** Puts that many into a stream, numbered from 1 on for each node. */
    String fill(String stream, long count) throws Exception {
        run++;
        String prefix = stream.equals("BARE") ? "bare." : "mr.";
        Deque<CompletableFuture<PublishAck>> window = new ArrayDeque<>();
        for (long i = 0; i < count; i++) {
            window.add(
                    site.jetStream().publishAsync(event(prefix, "normal", (int) (i % NODES), i / NODES + 1, "tick")));
            if (window.size() > WINDOW) {
                window.remove().get();
            }
        }
        for (CompletableFuture<PublishAck> each : window) {
            each.get();
        }
        return "filled";
    }

    /** One in lane urgent. */
    String alarm() throws Exception {
        site.jetStream().publish(event("mu.", "urgent", 0, ++alarms, "alarm"));
        return "sent";
    }

    private NatsMessage event(String prefix, String lane, int node, long number, String subject) {
        String nonce = String.format("%016x%016x", run, node);
        String id = "00000000-0000-0000-0000-" + String.format("%012d", number);
        Headers headers = new Headers()
                .add("Nats-Msg-Id", nonce + "." + lane + "." + number + ".1." + id)
                .add("Mr-Epoch", String.format("%032x", node + 1) + ".1." + nonce)
                .add("Mr-Lane", lane)
                .add("Mr-Number", Long.toString(number))
                .add("Mr-Id", id)
                .add("Mr-Created", Instant.now().toString())
                .add("Content-Type", "application/cloudevents+json");
        return NatsMessage.builder()
                .subject(prefix + "UNODE" + node + "." + subject)
                .headers(headers)
                .data(body(node, number))
                .build();
    }

    /** A transition of a machine, as compressible as those of a site are; made longer by a random part. */
    private byte[] body(int node, long number) {
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        String start =
                ("{'specversion':'1.0','id':'%s','source':'io.choria.machine','type':'io.choria.machine.v1.transition',"
                                + "'subject':'node%d.example.net','time':'%s','datacontenttype':'application/json','data':"
                                + "{'protocol':'io.choria.machine.v1.transition','identity':'node%d.example.net','id':'%s','version':'1.0.0',"
                                + "'timestamp':%d,'machine':'beater','transition':'tick','from_state':'RUN','to_state':'RUN','pad':'")
                        .replace('\'', '"')
                        .formatted(id, node, Instant.now(), node, id, number);
        StringBuilder all = new StringBuilder(start);
        while (all.length() < BODY - 3) {
            all.append(Character.forDigit(random.nextInt(36), 36));
        }
        return all.append("\"}}").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
