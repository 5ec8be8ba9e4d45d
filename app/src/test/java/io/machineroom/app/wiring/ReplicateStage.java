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
import io.nats.client.api.MessageInfo;
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
import org.junit.jupiter.api.Assumptions;

/** Two real nats-servers of somebody else, a stream TEST at one and TEST_COPY at the other, and a replicator between. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ReplicateStage implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(20);

    final Tasks tasks = new VirtualThreadTasks();
    final PrometheusMeter meter = new PrometheusMeter();
    final Path directory;
    private final List<Server> servers = new ArrayList<>();
    Server source;
    Server target;
    Replicator replicator;
    private Tasks.Task running;

    private ReplicateStage(Path directory) {
        this.directory = directory;
    }

    /** Servers without streams; the target's configuration has these lines more. */
    static ReplicateStage servers(Path directory, String moreOfTheTarget) throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(d -> Files.isExecutable(Path.of(d, "nats-server")));
        Assumptions.assumeTrue(there || "true".equals(System.getenv("CI")), "no nats-server");
        ReplicateStage stage = new ReplicateStage(directory);
        stage.source = stage.new Server("source", "");
        stage.target = stage.new Server("target", moreOfTheTarget);
        return stage;
    }

    static ReplicateStage open(Path directory) throws Exception {
        ReplicateStage stage = servers(directory, "");
        makeStream(stage.source, "TEST", "TEST", -1);
        makeStream(stage.target, "TEST_COPY", "copy.>", 500);
        return stage;
    }

    /** A plain nats-server. */
    final class Server {
        private final Path home;
        private final int port;
        private Process process;

        Server(String name, String more) throws Exception {
            home = Files.createDirectories(directory.resolve(name));
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Files.writeString(
                    home.resolve("nats.conf"),
                    "listen: \"127.0.0.1:" + port + "\"\njetstream { store_dir: \"" + home + "\" }\n" + more);
            start();
            servers.add(this);
        }

        void start() throws Exception {
            process = new ProcessBuilder(
                            "nats-server", "-c", home.resolve("nats.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
            until(() -> Files.readString(home.resolve("log")).contains("Server is ready"));
        }

        void kill() {
            process.destroyForcibly().onExit().join();
        }

        int port() {
            return port;
        }

        Connection connect() throws Exception {
            return connect("");
        }

        /** As somebody: {@code user:password@}. */
        Connection connect(String user) throws Exception {
            return Nats.connect(new Options.Builder()
                    .server("nats://" + user + "127.0.0.1:" + port)
                    .build());
        }
    }

    void until(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 3_000; i++) {
            if (condition.call()) {
                return;
            }
            tasks.sleep(LOOK);
        }
        throw new AssertionError("not within a minute: " + (replicator == null ? "" : replicator.states()));
    }

    static void makeStream(Server at, String name, String subject, int maxMessage) throws Exception {
        try (Connection connection = at.connect()) {
            makeStream(connection, name, subject, maxMessage);
        }
    }

    static void makeStream(Connection connection, String name, String subject, int maxMessage) throws Exception {
        connection
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(name)
                        .subjects(subject)
                        .storageType(StorageType.File)
                        .maximumMessageSize(maxMessage)
                        .build());
    }

    void publish(int from, int to) throws Exception {
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

    /** A job from TEST to TEST_COPY, with more lines below it. */
    void start(String more) {
        run("""
                name: GINKGO
                streams:
                  - stream: TEST
                    source_url: nats://127.0.0.1:%d
                    target_url: nats://127.0.0.1:%d
                    target_stream: TEST_COPY
                    target_subject_prefix: copy.x.redundant.
                    target_subject_remove: redundant
                """.formatted(source.port, target.port) + more);
    }

    /** A whole configuration. */
    void run(String yaml) {
        ConfigReader.Reading reading =
                ConfigReader.read(new SnakeYaml().read(yaml.getBytes(StandardCharsets.UTF_8)), directory);
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

    void stop() throws Exception {
        replicator.stop(Duration.ofSeconds(10));
        assertTrue(running.join(Duration.ofSeconds(30)));
        replicator = null;
    }

    long held() throws Exception {
        try (Connection connection = target.connect()) {
            return connection
                    .jetStreamManagement()
                    .getStreamInfo("TEST_COPY")
                    .getStreamState()
                    .getMsgCount();
        }
    }

    /** All that the target holds. */
    List<MessageInfo> copies() throws Exception {
        List<MessageInfo> out = new ArrayList<>();
        try (Connection connection = target.connect()) {
            JetStreamManagement management = connection.jetStreamManagement();
            long last = management.getStreamInfo("TEST_COPY").getStreamState().getLastSequence();
            for (long i = 1; i <= last; i++) {
                out.add(management.getMessage("TEST_COPY", i));
            }
        }
        return out;
    }

    /** The numbers of the source in the order of the target. */
    List<Long> numbers() throws Exception {
        return copies().stream()
                .map(m -> Long.parseLong(origin(m).split(" ", -1)[1]))
                .toList();
    }

    static String origin(MessageInfo message) {
        assertEquals("copy.x.TEST", message.getSubject());
        return message.getHeaders().getFirst("Choria-SR-Source");
    }

    static List<Long> upTo(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    @Override
    public void close() throws Exception {
        if (replicator != null) {
            stop();
        }
        servers.forEach(Server::kill);
    }
}
