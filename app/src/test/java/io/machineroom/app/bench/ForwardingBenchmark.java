package io.machineroom.app.bench;

import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.ParkedMessages;
import io.machineroom.domain.flow.Pump;
import io.machineroom.domain.flow.PumpRuntime;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
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
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;

/**
 * Durable events a second from the spool to JetStream, beside a bare asynchronous jnats publisher on the
 * same server in the same run. Both send the same bodies with a message id over TLS; ours first makes
 * each event durable in the spool, 256 a sync as the outbox does, while the product's own pump sends in a task beside it.
 * Arguments: folder, events a round, rounds. A round of each comes first and does not count; who begins changes
 * from round to round.
 */
public final class ForwardingBenchmark {
    private static final int BODY = 512;
    private static final int WINDOW = 512;
    private static final int BATCH = 256;

    private ForwardingBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        int events = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        List<Double> bare = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        try (BenchBroker broker = new BenchBroker(directory)) {
            Link admin = broker.administrator();
            stream(admin, "MR_INTAKE", "mr.>");
            stream(admin, "BARE", "bare.>");
            bare(broker, events);
            ours(broker, directory.resolve("warm"), events);
            for (int i = 0; i < rounds; i++) {
                Path spool = directory.resolve("spool-" + i);
                if (i % 2 == 0) {
                    bare.add(bare(broker, events));
                    ours.add(ours(broker, spool, events));
                } else {
                    ours.add(ours(broker, spool, events));
                    bare.add(bare(broker, events));
                }
                shares.add(100 * ours.getLast() / bare.getLast());
                System.out.printf(
                        Locale.ROOT,
                        "round %d: bare %,.0f/s, spool to JetStream %,.0f/s: %.0f %%%n",
                        i + 1,
                        bare.getLast(),
                        ours.getLast(),
                        shares.getLast());
            }
            admin.close();
        }
        report("bare jnats, events/s", bare);
        report("spool to JetStream, events/s", ours);
        report("share of a round, %", shares);
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
        VirtualThreadTasks tasks = new VirtualThreadTasks();
        SpoolProvider provider =
                ServiceLoader.load(SpoolProvider.class).iterator().next();
        ReceiptingLink link = new ReceiptingLink(broker.node(), broker.receipts(), broker.nodeKey(), events);
        try (Spool spool = provider.open(SpoolProvider.Settings.defaults(directory), runtime, runtime);
                Source source = spool.source("saas")) {
            Pump pump = new Pump(
                    source,
                    new OneLink(new LinkSupply.Held(1, "nats", link)),
                    broker.verifier(),
                    new ParkedMessages(new LocalFileTree(directory.resolve("storage"))),
                    PumpSettings.defaults(),
                    new PumpRuntime(tasks, runtime, runtime, new PrometheusMeter()));
            long start = System.nanoTime();
            Tasks.Task pumping = tasks.fork("pump", pump::run);
            Tasks.Task answering = tasks.fork("receipts", () -> link.answer(tasks));
            tasks.fork("writer", () -> write(spool, events));
            if (!link.awaitAll(Duration.ofMinutes(5))) {
                throw new IllegalStateException("not all were acknowledged: " + pump.state());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            answering.cancel();
            pumping.cancel();
            pumping.join(Duration.ofSeconds(10));
            return events / seconds;
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
                batch.add(new Message(subject, "id-" + j, headers, ByteBuffer.wrap(new byte[BODY]), Instant.now()));
            }
            spool.append(Lane.NORMAL, batch);
        }
    }

    /** The one link there is. */
    private record OneLink(LinkSupply.Held held) implements LinkSupply {
        @Override
        public Optional<Held> current() {
            return Optional.of(held);
        }

        @Override
        public void report(Held over, boolean worked) {
            if (!worked) {
                throw new IllegalStateException("the link failed in the middle of a measurement");
            }
        }

        @Override
        public void release(Held over) {
            throw new IllegalStateException("the only link is kept");
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
