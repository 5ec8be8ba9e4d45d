package io.machineroom.app.bench.line;

import io.machineroom.app.bench.BenchBroker;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.api.StreamState;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The SaaS's end: a broker with streams, in a process of its own, that answers questions about what arrived. Arguments: folder, address.
 * Questions on its input: {@code count STREAM}, {@code check STREAM}, {@code ages}, {@code purge}.
 */
final class SaasEnd {
    private final Connection own;
    private final List<Long> ages = new ArrayList<>();

    private SaasEnd(Connection own) {
        this.own = own;
    }

    /** The command line. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        try (BenchBroker broker = new BenchBroker(folder, args[1]);
                Link admin = broker.administrator()) {
            admin.ensureStream(stream("MR_INTAKE", "mr.>", "mu.>", "ms.>"));
            admin.ensureStream(stream("BARE", "bare.>"));
            broker.access().write(folder);
            Connection own = broker.access().bare();
            try (Gateway.Running _ = HttpsIntake.open(folder, args[1], own)) {
                System.out.println("ready");
                new SaasEnd(own).answer();
            }
            own.close();
        }
        System.exit(0);
    }

    static StreamSpec stream(String name, String... subjects) {
        return new StreamSpec(
                name,
                java.util.stream.Stream.of(subjects).map(Subject::of).toList(),
                StreamSpec.Retention.WORK_QUEUE,
                0,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW);
    }

    private void answer() throws Exception {
        Dispatcher urgent = own.createDispatcher(this::arrived);
        urgent.subscribe("ms.*.*.alarm");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            JetStreamManagement manage = own.jetStreamManagement();
            System.out.println(
                    switch (words[0]) {
                        case "count" -> Long.toString(state(words[1]).getMsgCount());
                        case "check" -> check(words[1]);
                        case "ages" -> ages();
                        default -> {
                            manage.purgeStream("MR_INTAKE");
                            manage.purgeStream("BARE");
                            yield "purged";
                        }
                    });
        }
    }

    private StreamState state(String stream) throws Exception {
        return own.jetStreamManagement().getStreamInfo(stream).getStreamState();
    }

    /** Clocks of both ends are one: they share the machine. */
    private void arrived(Message alarm) {
        String created = alarm.getHeaders().getFirst("Mr-Created");
        synchronized (ages) {
            ages.add(Duration.between(Instant.parse(created), Instant.now()).toMillis());
        }
    }

    private String ages() {
        synchronized (ages) {
            String all = ages.toString();
            ages.clear();
            return all;
        }
    }

    /** Whether numbers of each node go up one by one. */
    private String check(String stream) throws Exception {
        Map<String, Long> next = new HashMap<>();
        long[] seen = new long[3];
        Dispatcher reader = own.createDispatcher();
        long all = state(stream).getMsgCount();
        JetStreamSubscription subscription = own.jetStream()
                .subscribe(
                        ">",
                        reader,
                        message -> {
                            String node = message.getHeaders().getFirst("Mr-Epoch");
                            long number = Long.parseLong(message.getHeaders().getFirst("Mr-Number"));
                            long expected = next.getOrDefault(node, 1L);
                            seen[1] += number > expected ? 1 : 0;
                            seen[2] += number < expected ? 1 : 0;
                            next.put(node, number + 1);
                            message.ack();
                            seen[0]++;
                        },
                        false,
                        io.nats.client.PushSubscribeOptions.builder().stream(stream)
                                .build());
        while (state(stream).getMsgCount() > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
        // by name: the next check of this stream may come before the server has noticed that this one is over
        own.jetStreamManagement().deleteConsumer(stream, subscription.getConsumerName());
        own.closeDispatcher(reader);
        return all + " arrived, " + seen[1] + " gaps, " + seen[2] + " repeats";
    }
}
