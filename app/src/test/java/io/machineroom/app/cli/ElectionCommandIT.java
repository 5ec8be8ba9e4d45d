package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.host.UnixControlSocket;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.domain.orchestration.BucketDesk;
import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.domain.replication.config.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code election}, and both commands through an agent, with a real nats-server. */
@SuppressWarnings("try") // closing a connection of the library may be interrupted
final class ElectionCommandIT extends NatsCommands {
    private AutoCloseable agent(Path config) {
        AgentGraph graph = DaggerAgentComponent.factory()
                .create(OPTIONS, new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config));
        DirectBuckets buckets =
                new DirectBuckets(graph.replication(), new Side(url, Optional.empty(), Optional.empty()));
        ElectionDesk.Means means = graph.replication().means("node1.example.net");
        Path socket = new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config)
                .base()
                .controlSocket();
        HeldRequests held = new HeldRequests();
        AutoCloseable served = new UnixControlSocket(new JacksonJson()).serve(socket, (request, answers) -> {
            if (request.text("command").orElse("").equals("kv")) {
                new BucketDesk(buckets::of, means.tasks()).handle(request, answers);
            } else {
                held.serve(new ElectionDesk(buckets::of, means)::handle, request, answers);
            }
        });
        return () -> {
            held.end(Duration.ofSeconds(4));
            served.close();
        };
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

    private CompletableFuture<Said> running(Path config, String script, String... options) {
        List<String> line = new ArrayList<>(List.of("election", "run", "--config", config.toString()));
        line.addAll(List.of(options));
        line.addAll(List.of("--bucket", "VOTES", "boss", "--", "sh", "-c", script));
        return CompletableFuture.supplyAsync(() -> say(line.toArray(new String[0])));
    }

    @Test
    void aCommandThatIsKeptHearsThatTheAgentIsGoneAndThatItIsBack() throws Exception {
        good(kv("add", "VOTES", "--ttl", "4s", "--history", "1"));
        Path config = folder.resolve("agent.cfg");
        Path heard = folder.resolve("heard");
        String script = "trap 'echo lost >> " + heard + "' USR2; trap 'echo won >> " + heard
                + "; exit 3' USR1; echo up > " + heard + "; while :; do sleep 0.1; done";
        CompletableFuture<Said> run;
        try (AutoCloseable _ = agent(config)) {
            run = running(config, script, "--keep");
            until(() -> Files.exists(heard) && Files.readString(heard).equals("up\n"));
        }
        until(() -> Files.readString(heard).equals("up\nlost\n"));
        assertFalse(run.isDone());
        try (AutoCloseable _ = agent(config)) {
            Said said = run.get(60, TimeUnit.SECONDS);
            assertEquals(3, said.exit(), said.err());
            assertTrue(said.err().contains("the election cannot be held now"), said.err());
            assertEquals("up\nlost\nwon\n", Files.readString(heard));
        }
    }

    @Test
    void aCommandIsStoppedWithItsAgent() throws Exception {
        good(kv("add", "VOTES", "--ttl", "4s", "--history", "1"));
        Path config = folder.resolve("agent.cfg");
        Path started = folder.resolve("started");
        CompletableFuture<Said> run;
        try (AutoCloseable _ = agent(config)) {
            run = running(config, "touch " + started + "; exec sleep 600");
            until(() -> Files.exists(started));
        }
        assertEquals(ExitCodes.TEMPORARY, run.get(30, TimeUnit.SECONDS).exit());
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
