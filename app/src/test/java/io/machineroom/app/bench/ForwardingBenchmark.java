package io.machineroom.app.bench;

import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;

/**
 * Durable events a second from the spool to JetStream, beside a bare asynchronous jnats publisher on the
 * same server in the same run. Both send the same bodies with a message id over TLS; ours first makes
 * each event durable in the spool. Arguments: folder, events a round, rounds.
 */
public final class ForwardingBenchmark {
    private static final int BODY = 512;
    private static final int WINDOW = 512;
    private static final int BATCH = 256;
    private static final int READ = 1_000;

    private ForwardingBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        int events = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        List<Double> bare = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        try (BenchBroker broker = new BenchBroker(directory)) {
            Link admin = broker.administrator();
            stream(admin, "MR_INTAKE", "mr.>");
            stream(admin, "BARE", "bare.>");
            bare(broker, events / 5);
            ours(broker, directory.resolve("warm"), events / 5);
            for (int i = 0; i < rounds; i++) {
                bare.add(bare(broker, events));
                ours.add(ours(broker, directory.resolve("spool-" + i), events));
                System.out.printf(
                        Locale.ROOT,
                        "round %d: bare %,.0f/s, spool to JetStream %,.0f/s%n",
                        i + 1,
                        bare.getLast(),
                        ours.getLast());
            }
            admin.close();
        }
        report("bare jnats, events/s", bare);
        report("spool to JetStream, events/s", ours);
        System.out.printf(Locale.ROOT, "share of the bare publisher: %.0f %%%n", 100 * median(ours) / median(bare));
    }

    private static void stream(Link admin, String name, String subject) {
        admin.ensureStream(new StreamSpec(
                name,
                List.of(Subject.of(subject)),
                StreamSpec.Retention.LIMITS,
                4L << 30,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW));
    }

    private static double bare(BenchBroker broker, int events) throws Exception {
        Options options = Options.builder()
                .server(broker.url())
                .sslContext(broker.tls())
                .authHandler(Nats.staticCredentials(
                        broker.administratorJwt().toCharArray(),
                        broker.administratorSeed().toCharArray()))
                .build();
        Connection connection = Nats.connect(options);
        try {
            return publish(connection.jetStream(), events);
        } finally {
            connection.close();
        }
    }

    private static double publish(JetStream stream, int events) throws Exception {
        String run = Long.toHexString(System.nanoTime());
        Deque<CompletableFuture<PublishAck>> window = new ArrayDeque<>();
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            window.add(stream.publishAsync(NatsMessage.builder()
                    .subject("bare.event")
                    .headers(new Headers().add("Nats-Msg-Id", run + "." + i))
                    .data(new byte[BODY])
                    .build()));
            if (window.size() >= WINDOW) {
                window.remove().get();
            }
        }
        for (CompletableFuture<PublishAck> ack : window) {
            ack.get();
        }
        return events / ((System.nanoTime() - start) / 1e9);
    }

    private static double ours(BenchBroker broker, Path directory, int events) throws Exception {
        SystemRuntime runtime = new SystemRuntime();
        SpoolProvider provider =
                ServiceLoader.load(SpoolProvider.class).iterator().next();
        Link link = broker.node();
        try (Spool spool = provider.open(SpoolProvider.Settings.defaults(directory), runtime, runtime);
                Source source = spool.source("saas")) {
            long start = System.nanoTime();
            var writer = new VirtualThreadTasks().fork("writer", () -> write(spool, events));
            forward(source, link.sink(), events);
            writer.join(Duration.ofMinutes(1));
            return events / ((System.nanoTime() - start) / 1e9);
        } finally {
            link.close();
        }
    }

    private static void write(Spool spool, int events) throws InterruptedException {
        Subject subject = Subject.of("choria.machine.transition");
        Map<String, String> headers = Map.of(Message.CONTENT_TYPE, "application/cloudevents+protobuf");
        for (int i = 0; i < events; i += BATCH) {
            List<Message> batch = new ArrayList<>();
            for (int j = i; j < Math.min(events, i + BATCH); j++) {
                batch.add(new Message(subject, "id-" + j, headers, ByteBuffer.wrap(new byte[BODY]), Instant.EPOCH));
            }
            spool.append(Lane.NORMAL, batch);
        }
    }

    /** As the pump does: batches in order, and a receipt for what was sent about once a second. */
    private static void forward(Source source, Sink sink, int events) throws InterruptedException {
        int done = 0;
        long marked = System.nanoTime();
        while (done < events) {
            List<Delivery> batch = source.read(READ, 1 << 20, Duration.ofSeconds(1));
            if (batch.isEmpty()) {
                continue;
            }
            int accepted = sink.append(batch, 0).accepted();
            if (accepted < batch.size()) {
                throw new IllegalStateException("only " + accepted + " of " + batch.size() + " were accepted");
            }
            done += accepted;
            if (System.nanoTime() - marked > 1_000_000_000L || done == events) {
                Stamp last = batch.getLast().stamp();
                source.commit(new DoneMark(last.epoch(), last.lane(), last.through(), "bench"));
                marked = System.nanoTime();
            }
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void report(String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-30s median %,.0f [%,.0f..%,.0f] of %d%n",
                what,
                median(values),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }
}
