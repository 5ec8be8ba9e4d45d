package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.replication.config.ConfigReader;
import io.machineroom.domain.replication.copy.Replicator;
import io.machineroom.domain.replication.copy.ReplicatorPorts;
import io.machineroom.nats.NatsModule;
import io.machineroom.ports.runtime.Tasks;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.NatsMessage;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replicator between two real nats-servers that are killed under it. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ReplicateIT {
    private static final Duration LOOK = Duration.ofMillis(20);

    @TempDir
    private Path directory;

    private final Tasks tasks = new VirtualThreadTasks();
    private final PrometheusMeter meter = new PrometheusMeter();
    private Server source;
    private Server target;
    private Replicator replicator;
    private Tasks.Task running;

    /** A plain nats-server of somebody else. */
    private final class Server {
        private final Path home;
        private final int port;
        private Process process;

        Server(String name) throws Exception {
            home = Files.createDirectories(directory.resolve(name));
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            start();
        }

        void start() throws Exception {
            process = new ProcessBuilder(
                            "nats-server", "-a", "127.0.0.1", "-p", "" + port, "-js", "-sd", home.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
            until(() -> Files.readString(home.resolve("log")).contains("Server is ready"));
        }

        void kill() {
            process.destroyForcibly().onExit().join();
        }

        Connection connect() throws Exception {
            return Nats.connect(
                    new Options.Builder().server("nats://127.0.0.1:" + port).build());
        }
    }

    private void until(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            if (condition.call()) {
                return;
            }
            tasks.sleep(LOOK);
        }
        throw new AssertionError("not within a minute: " + (replicator == null ? "" : replicator.states()));
    }

    @BeforeEach
    void servers() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(d -> Files.isExecutable(Path.of(d, "nats-server")));
        Assumptions.assumeTrue(there || "true".equals(System.getenv("CI")), "no nats-server");
        source = new Server("source");
        target = new Server("target");
        makeStream(source, "TEST", "TEST", -1);
        makeStream(target, "TEST_COPY", "copy.>", 500);
    }

    @AfterEach
    void end() throws Exception {
        if (replicator != null) {
            stop();
        }
        for (Server server : new Server[] {source, target}) {
            if (server != null) {
                server.kill();
            }
        }
    }

    private static void makeStream(Server at, String name, String subject, int maxMessage) throws Exception {
        try (Connection connection = at.connect()) {
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(name)
                            .subjects(subject)
                            .storageType(StorageType.File)
                            .maximumMessageSize(maxMessage)
                            .build());
        }
    }

    private void publish(int from, int to) throws Exception {
        try (Connection connection = source.connect()) {
            for (int i = from; i <= to; i++) {
                connection
                        .jetStream()
                        .publish(NatsMessage.builder()
                                .subject("TEST")
                                .data("{\"msg\":" + i + ",\"sender\":\"host" + i % 10 + "\"}")
                                .build());
            }
        }
    }

    private void start(String more) {
        String yaml = """
                name: GINKGO
                streams:
                  - stream: TEST
                    source_url: nats://127.0.0.1:%d
                    target_url: nats://127.0.0.1:%d
                    target_stream: TEST_COPY
                    target_subject_prefix: copy.x.redundant.
                    target_subject_remove: redundant
                """.formatted(source.port, target.port);
        ConfigReader.Reading reading =
                ConfigReader.read(new SnakeYaml().read((yaml + more).getBytes(StandardCharsets.UTF_8)), directory);
        assertEquals(List.of(), reading.faults());
        SystemRuntime runtime = new SystemRuntime();
        replicator = new Replicator(
                reading.config(),
                new ReplicatorPorts(
                        tasks,
                        runtime,
                        runtime,
                        meter,
                        new JacksonJson(),
                        NatsModule.streamHosts(new PinnedTls()),
                        new LocalHostFiles(),
                        Optional.of(new LocalFileTree(directory.resolve("state")))),
                "test_host");
        running = tasks.fork("replicator", replicator::run);
    }

    private void stop() throws Exception {
        replicator.stop(Duration.ofSeconds(10));
        assertTrue(running.join(Duration.ofSeconds(30)));
    }

    private long held() throws Exception {
        try (Connection connection = target.connect()) {
            return connection
                    .jetStreamManagement()
                    .getStreamInfo("TEST_COPY")
                    .getStreamState()
                    .getMsgCount();
        }
    }

    /** The numbers of the source in the order of the target. */
    private List<Long> numbers() throws Exception {
        List<Long> out = new ArrayList<>();
        try (Connection connection = target.connect()) {
            JetStreamManagement management = connection.jetStreamManagement();
            long last = management.getStreamInfo("TEST_COPY").getStreamState().getLastSequence();
            for (long i = 1; i <= last; i++) {
                var message = management.getMessage("TEST_COPY", i);
                assertEquals("copy.x.TEST", message.getSubject());
                out.add(Long.parseLong(
                        message.getHeaders().getFirst("Choria-SR-Source").split(" ", -1)[1]));
            }
        }
        return out;
    }

    private static List<Long> upTo(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    @Test
    void src03CopiesAThousandInOrder() throws Exception {
        publish(1, 1_000);
        start("");
        until(() -> held() >= 1_000);
        assertEquals(upTo(1_000), numbers());
        assertTrue(meter.render().contains("choria_stream_replicator_replicator_copied_messages{"), meter::render);
    }

    @Test
    void killsAndRestartsLoseNothingRepeatNothingAndKeepTheOrder() throws Exception {
        publish(1, 2_000);
        start("");
        until(() -> held() >= 300);
        target.kill();
        publish(2_001, 2_500);
        target.start();
        until(() -> held() >= 1_000);
        stop();
        start("");
        publish(2_501, 3_000);
        source.kill();
        source.start();
        until(() -> held() >= 3_000);
        stop();
        replicator = null;
        assertEquals(upTo(3_000), numbers());
    }

    @Test
    void w48AndW06ARecreatedStreamAndOneThatIsTooLarge() throws Exception {
        publish(1, 10);
        start("");
        until(() -> held() >= 10);
        try (Connection connection = source.connect()) {
            connection.jetStreamManagement().deleteStream("TEST");
        }
        makeStream(source, "TEST", "TEST", -1);
        try (Connection connection = source.connect()) {
            connection.jetStream().publish("TEST", new byte[600]);
        }
        publish(2, 5);
        until(() -> held() >= 14);
        assertEquals(List.of(2L, 3L, 4L, 5L), numbers().subList(10, 14));
        // the rest of its window is stored before the refusal is looked at and its evidence is on the disk
        until(() -> replicator.states().getFirst().parked() == 1);
        assertEquals(
                1, new LocalFileTree(directory.resolve("state")).walk("parked").size());
    }

    @Test
    void tgt01GoesOnAfterItsConsumerIsDeleted() throws Exception {
        publish(1, 500);
        start("    name: TR\n    filter_subject: TEST\n    target_initiated: true\n");
        until(() -> held() >= 500);
        try (Connection connection = source.connect()) {
            connection.jetStreamManagement().deleteConsumer("TEST", "SR_TR");
        }
        publish(1, 500);
        until(() -> held() >= 1_000);
        assertEquals(upTo(1_000), numbers());
    }
}
