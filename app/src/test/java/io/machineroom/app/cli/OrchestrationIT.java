package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.host.UnixControlSocket;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.domain.orchestration.BucketDesk;
import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.api.KeyValueStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code kv} and {@code election} as somebody types them, with a real nats-server. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class OrchestrationIT {
    private static final AgentOptions OPTIONS = new AgentOptions(
            "agent",
            "1",
            "c",
            "h",
            Optional.empty(),
            Optional.empty(),
            Value::obj,
            List.of(),
            FactSource.OptOuts.none(),
            _ -> {},
            Map.of());

    @TempDir
    private Path folder;

    private Process server;
    private String url = "";

    /** What a command said. */
    private record Said(int exit, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(d -> Files.isExecutable(Path.of(d, "nats-server")));
        Assumptions.assumeTrue(there || "true".equals(System.getenv("CI")), "no nats-server");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = "nats://127.0.0.1:" + port;
        Path home = Files.createDirectories(folder.resolve("nats"));
        server = new ProcessBuilder("nats-server", "-a", "127.0.0.1", "-p", "" + port, "-js", "-sd", home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        until(() -> Files.readString(home.resolve("log")).contains("Server is ready"));
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.destroyForcibly().onExit().join();
        }
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        for (int i = 0; i < 3_000; i++) {
            if (condition.call()) {
                return;
            }
            var _ = never.completeOnTimeout(null, 20, TimeUnit.MILLISECONDS).get();
            never = new CompletableFuture<>();
        }
        throw new AssertionError("not within a minute");
    }

    private static Said say(String... arguments) {
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = new CommandLines(OPTIONS, List.of(), DaggerAgentComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(complained));
        int exit = line.execute(arguments);
        return new Said(exit, said.toString(), complained.toString());
    }

    private Said kv(String action, String... arguments) {
        return say(Stream.concat(Stream.of("kv", action, "--nats", url), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static Said good(Said said) {
        assertEquals(ExitCodes.OK, said.exit(), said.err());
        return said;
    }

    private byte[] raw(String bucket, String key) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            good(kv("get", bucket, key));
        } finally {
            System.setOut(before);
        }
        return bytes.toByteArray();
    }

    @Test
    void valuesComeBackByteForByte() throws Exception {
        good(kv("add", "B"));
        byte[] value = new byte[1_000_000];
        new Random(3).nextBytes(value);
        Path file = Files.write(folder.resolve("value"), value);
        assertEquals(
                "revision 1\n",
                good(kv("put", "B", "site.a/b", "--file", file.toString())).out());
        assertArrayEquals(value, raw("B", "site.a/b"));
        good(kv("put", "B", "text", "größer"));
        assertEquals("größer", new String(raw("B", "text"), StandardCharsets.UTF_8));
        String json = good(kv("get", "B", "text", "--json")).out();
        assertTrue(json.contains("\"value\":\"größer\"") && json.contains("\"revision\":2"), json);
    }

    @Test
    void writesMayBeConditional() {
        good(kv("add", "B"));
        assertEquals("revision 1\n", good(kv("create", "B", "lock", "me")).out());
        Said second = kv("create", "B", "lock", "you");
        assertEquals(ExitCodes.TEMPORARY, second.exit());
        assertTrue(second.err().contains("there already") && second.err().contains("[bucket.moved]"), second.err());
        assertEquals(
                "revision 2\n",
                good(kv("update", "B", "lock", "x", "--revision", "1")).out());
        assertEquals(
                ExitCodes.TEMPORARY,
                kv("update", "B", "lock", "y", "--revision", "1").exit());
        assertEquals(
                ExitCodes.TEMPORARY, kv("del", "B", "lock", "--revision", "1").exit());
        good(kv("del", "B", "lock", "--revision", "2"));
        Said gone = kv("get", "B", "lock");
        assertEquals(ExitCodes.NO_INPUT, gone.exit());
        assertTrue(gone.err().contains("[bucket.no-key]"), gone.err());
        good(kv("create", "B", "lock", "again"));
    }

    @Test
    void listsAndTellsThePast() {
        good(kv("add", "B", "--history", "3", "--ttl", "1h", "--description", "of a test"));
        for (String value : List.of("1", "2", "3", "4")) {
            good(kv("put", "B", "a", value));
        }
        good(kv("put", "B", "b", "5"));
        good(kv("del", "B", "b"));
        assertEquals("a\n", good(kv("ls", "B")).out());
        List<String> lines = good(kv("history", "B", "a")).out().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.getLast().endsWith("a @4 4"), lines.toString());
        assertTrue(good(kv("history", "B", "b")).out().contains("b @6 deleted"));
        String status = good(kv("status", "B")).out();
        assertTrue(status.contains("3600 s") && status.contains("of a test") && status.contains("5 changes"), status);
    }

    @Test
    void refusesWithAReasonAndACode() throws Exception {
        Said missing = kv("get", "NONE", "a");
        assertEquals(ExitCodes.UNAVAILABLE, missing.exit());
        assertTrue(missing.err().contains("[bucket.missing]"), missing.err());
        good(kv("add", "B"));
        assertEquals(ExitCodes.DATA, kv("put", "B", "a b", "x").exit());
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        Said much = kv("put", "B", "a", "--file", large.toString());
        assertEquals(ExitCodes.DATA, much.exit());
        assertTrue(much.err().contains("1048576 bytes (1 MiB)"), much.err());
        assertEquals(ExitCodes.USAGE, say("kv", "ls", "B").exit());
        assertEquals(ExitCodes.USAGE, kv("drop", "B").exit());
        assertEquals(ExitCodes.DATA, kv("add", "C", "--replicas", "9").exit());
        good(kv("drop", "B", "--yes"));
        assertEquals(ExitCodes.UNAVAILABLE, kv("status", "B").exit());
    }

    /** Spec streams 7.4, seen by the client library of NATS. */
    @Test
    void bucketsAreThoseOfOtherClients() throws Exception {
        good(kv("add", "B", "--history", "5", "--ttl", "30s"));
        try (Connection connection = Nats.connect(url)) {
            KeyValue theirs = connection.keyValue("B");
            theirs.put("a", "theirs");
            assertEquals("theirs", new String(raw("B", "a"), StandardCharsets.UTF_8));
            good(kv("put", "B", "a", "ours"));
            assertEquals("ours", theirs.get("a").getValueAsString());
            theirs.delete("a");
            assertEquals(ExitCodes.NO_INPUT, kv("get", "B", "a").exit());
            good(kv("create", "B", "a", "again"));
            KeyValueStatus status = theirs.getStatus();
            assertEquals(5, status.getMaxHistoryPerKey());
            assertEquals(Duration.ofSeconds(30), status.getTtl());
            var made = connection.jetStreamManagement().getStreamInfo("KV_B").getConfiguration();
            assertTrue(made.getAllowDirect() && made.getAllowRollup() && made.getDenyDelete());
            assertEquals(List.of("$KV.B.>"), made.getSubjects());
            assertEquals(Duration.ofSeconds(30), made.getDuplicateWindow());
        }
    }

    private AutoCloseable agent(Path config) {
        AgentGraph graph = DaggerAgentComponent.factory()
                .create(OPTIONS, new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config));
        DirectBuckets buckets =
                new DirectBuckets(graph.replication(), new Side(url, Optional.empty(), Optional.empty()));
        ElectionDesk.Means means = graph.replication().means("node1.example.net");
        Path socket = new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config)
                .base()
                .controlSocket();
        return new UnixControlSocket(new JacksonJson()).serve(socket, (request, answers) -> {
            if (request.text("command").orElse("").equals("kv")) {
                new BucketDesk(buckets::of, means.tasks()).handle(request, answers);
            } else {
                new ElectionDesk(buckets::of, means).handle(request, answers);
            }
        });
    }

    @Test
    void everythingWorksThroughARunningAgent() throws Exception {
        String config = folder.resolve("agent.cfg").toString();
        Said nobody = say("kv", "get", "--config", config, "B", "a");
        assertEquals(ExitCodes.UNAVAILABLE, nobody.exit());
        assertTrue(nobody.err().contains("[control.absent]"), nobody.err());
        try (AutoCloseable _ = agent(Path.of(config))) {
            good(say("kv", "add", "--config", config, "B"));
            good(say("kv", "put", "--config", config, "B", "a", "x"));
            assertEquals("a\n", good(say("kv", "ls", "--config", config, "B")).out());
            assertEquals(
                    ExitCodes.NO_INPUT,
                    say("kv", "get", "--config", config, "B", "b").exit());
            good(say("kv", "add", "--config", config, "VOTES", "--ttl", "4s", "--history", "1"));
            String[] run = {"election", "run", "--config", config, "--bucket", "VOTES", "boss", "--", "sh", "-c"};
            Said ended = say(Stream.concat(Stream.of(run), Stream.of("exit 7")).toArray(String[]::new));
            assertEquals(7, ended.exit(), ended.err());
            // the agent gives the key back when its caller has gone
            until(() -> kv("get", "VOTES", "boss").exit() == ExitCodes.NO_INPUT);
        }
    }

    @Test
    void aCommandRunsWhileItsNodeLeads() throws Exception {
        good(kv("add", "VOTES", "--ttl", "4s", "--history", "1"));
        Path started = folder.resolve("started");
        CompletableFuture<Said> run = CompletableFuture.supplyAsync(() -> say(
                "election",
                "run",
                "--nats",
                url,
                "--bucket",
                "VOTES",
                "--candidate",
                "one",
                "boss",
                "--",
                "sh",
                "-c",
                "echo up >> " + started + "; exec sleep 600"));
        until(() -> Files.exists(started));
        String info = good(say("election", "info", "--nats", url, "--bucket", "VOTES"))
                .out();
        assertTrue(info.contains("boss is led by one, renewed "), info);
        Said evicted = good(say("election", "evict", "--nats", url, "--bucket", "VOTES", "boss"));
        assertEquals("evicted one\n", evicted.out());
        Said said = run.get(30, TimeUnit.SECONDS);
        assertEquals(ExitCodes.TEMPORARY, said.exit(), said.err());
        assertTrue(said.err().contains("the lead is lost"), said.err());
        assertEquals("up\n", Files.readString(started));
    }

    @Test
    void aBucketThatDoesNotFitIsRefused() {
        good(kv("add", "VOTES", "--ttl", "24h", "--history", "1"));
        Said said = say("election", "run", "--nats", url, "--bucket", "VOTES", "boss", "--", "true");
        assertEquals(ExitCodes.DATA, said.exit());
        assertTrue(said.err().contains("bucket TTL should be less than or equal to 1 hour [bucket.ttl]"), said.err());
        assertEquals(
                ExitCodes.UNAVAILABLE,
                say("election", "run", "--nats", url, "--bucket", "NONE", "boss", "--", "true")
                        .exit());
    }

    @Test
    void aFileIsThereWhileItsNodeLeads() throws Exception {
        good(kv("add", "VOTES", "--ttl", "4s", "--history", "1"));
        Path file = folder.resolve("leader.json");
        assertEquals(
                ExitCodes.TEMPORARY,
                say("election", "file", "--check", file.toString()).exit());
        Thread keeper = Thread.ofVirtual()
                .start(() -> say("election", "file", "--nats", url, "--bucket", "VOTES", file.toString(), "boss"));
        until(() -> Files.exists(file));
        assertTrue(Files.readString(file).matches("\\{\"timestamp\":\\d+,\"count\":1}"));
        good(say("election", "file", "--check", file.toString()));
        keeper.interrupt();
        keeper.join();
        assertFalse(Files.exists(file));
        assertEquals(ExitCodes.NO_INPUT, kv("get", "VOTES", "boss").exit());
        Files.writeString(file, "{\"timestamp\":1700000000,\"count\":3}");
        Said old = say("election", "file", "--check", file.toString());
        assertEquals(ExitCodes.TEMPORARY, old.exit());
        assertTrue(old.err().contains("s old"), old.err());
    }
}
