package io.machineroom.app.bench.stores;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * JetStream with file storage on a server of its own without TLS. A server of 2.10 or newer gets {@code sync_interval:
 * always}; an older one does not know it, and what it acknowledges is not durable.
 */
final class JetStreamFile implements DurableStore {
    private static final String STREAM = "EVENTS";

    private final Process server;
    private final Connection connection;
    private final JetStream stream;

    JetStreamFile(Path directory) throws Exception {
        Path config = directory.resolve("nats.conf");
        String sync = syncs() ? "sync_interval: always\n" : "";
        Files.writeString(
                config,
                "host: 127.0.0.1\nport: -1\nports_file_dir: \"" + directory + "\"\njetstream {\nstore_dir: \""
                        + directory.resolve("store") + "\"\nmax_file_store: 17179869184\n" + sync + "}\n");
        this.server = new ProcessBuilder("nats-server", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nats.log").toFile())
                .start();
        this.connection = Nats.connect(url(directory));
        this.connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(STREAM)
                        .subjects("events")
                        .storageType(StorageType.File)
                        .build());
        this.stream = connection.jetStream();
    }

    /** Whether the server on the path can sync each message. */
    static boolean syncs() throws IOException, InterruptedException {
        String version = version();
        String[] numbers = version.replaceFirst(".*v", "").split("\\.");
        return Integer.parseInt(numbers[0]) > 2 || Integer.parseInt(numbers[1]) >= 10;
    }

    static String version() throws IOException, InterruptedException {
        Process asked = new ProcessBuilder("nats-server", "--version").start();
        String text = new String(asked.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        asked.waitFor();
        return text.trim();
    }

    private String url(Path directory) throws Exception {
        Path ports = directory.resolve("nats-server_" + server.pid() + ".ports");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!Files.exists(ports) || Files.size(ports) == 0) {
            if (System.nanoTime() > end || !server.isAlive()) {
                throw new IllegalStateException("nats-server did not start, see " + directory.resolve("nats.log"));
            }
            Thread.onSpinWait();
        }
        return Files.readString(ports).replaceFirst("(?s).*?\"(nats://[^\"]+)\".*", "$1");
    }

    @Override
    public void append(byte[] body) throws Exception {
        stream.publishAsync("events", body).get();
    }

    @Override
    public long readAll() throws Exception {
        long all = connection
                .jetStreamManagement()
                .getStreamInfo(STREAM)
                .getStreamState()
                .getMsgCount();
        JetStreamSubscription pull = stream.subscribe(
                "events",
                PullSubscribeOptions.builder()
                        .configuration(ConsumerConfiguration.builder()
                                .ackPolicy(AckPolicy.All)
                                .build())
                        .build());
        long count = 0;
        while (count < all) {
            List<Message> batch = pull.fetch(1_000, Duration.ofSeconds(2));
            if (batch.isEmpty()) {
                return count;
            }
            count += batch.size();
            batch.getLast().ack();
        }
        return count;
    }

    @Override
    public void end() throws Exception {
        connection.close();
        server.destroy();
        server.waitFor();
    }
}
