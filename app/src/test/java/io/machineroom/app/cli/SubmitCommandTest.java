package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.FactSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code submit} and {@code status --check}. */
final class SubmitCommandTest {
    private static final GraphFactory GRAPH = DaggerAgentComponent.factory()::create;

    @TempDir
    private Path directory;

    private final AgentOptions options = new AgentOptions(
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
    private String out = "";
    private String err = "";

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(directory.resolve("state"));
        Files.writeString(directory.resolve("body"), "hello");
    }

    private Path config() {
        return directory.resolve("agent.cfg");
    }

    private AgentGraph graph() {
        return GRAPH.create(options, source());
    }

    private ConfigSource source() {
        return new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config());
    }

    private int run(String... arguments) {
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = new CommandLines(options, List.of(), GRAPH).commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(complained));
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--config", config().toString()));
        int exit = line.execute(all.toArray(new String[0]));
        out = said.toString().strip();
        err = complained.toString();
        return exit;
    }

    private int submit(String... more) {
        List<String> all = new ArrayList<>(List.of("submit"));
        all.addAll(Arrays.asList(more));
        return run(all.toArray(new String[0]));
    }

    private String body() {
        return directory.resolve("body").toString();
    }

    /** As one that is killed between taking the message and its answer. */
    @Test
    void anAgentThatEndsWithoutAnAnswerIsNotBelieved() throws Exception {
        AgentGraph agent = graph();
        Path socket = source().base().controlSocket();
        try (AutoCloseable served = agent.control().serve(socket, (request, answers) -> {})) {
            assertEquals(0, submit("metrics", body()), err);
            assertTrue(served != null && !out.isEmpty(), "an id is told");
        }
        assertEquals(1, waiting("P4").size(), "the message waits in the directory");
    }

    private List<Path> waiting(String queue) throws IOException {
        Path at = directory.resolve("state/submission").resolve(queue);
        try (var files = Files.list(at)) {
            return files.sorted().toList();
        }
    }

    private Value.Obj read(Path file) throws IOException {
        return (Value.Obj) graph().json().read(Files.readAllBytes(file));
    }

    @Test
    void writesTheMessageFileWhileNoAgentRuns() throws IOException {
        assertEquals(0, submit("my.event", body()), err);
        Path file = waiting("P4").getFirst();
        assertEquals(1, waiting("P4").size());
        assertTrue(file.getFileName().toString().matches("[0-9]{19}-[0-9a-f-]{36}\\.msg"), file.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("state/submission/P4"))));
        Value.Obj message = read(file);
        assertEquals(out, message.text("id").orElseThrow());
        assertEquals("my.event", message.text("subject").orElseThrow());
        assertEquals(86_400, message.whole("ttl").orElseThrow());
        assertEquals(100, message.whole("max_tries").orElseThrow());
        assertTrue(message.text("sender").orElseThrow().matches("user [0-9]+"), message.toString());
        assertEquals(Optional.of(false), message.bool("reliable"));
        assertEquals(
                "hello",
                new String(Base64.getDecoder().decode(message.text("payload").orElseThrow()), StandardCharsets.UTF_8));
    }

    @Test
    void takesAllOptionsOfTheOriginal() throws IOException {
        assertEquals(
                0,
                submit(
                        "a",
                        body(),
                        "--reliable",
                        "--priority",
                        "1",
                        "--ttl",
                        "2h",
                        "--tries",
                        "7",
                        "--sender",
                        "me",
                        "--sign",
                        "-H",
                        "k=v",
                        "-H",
                        "l=w=x",
                        "--json"),
                err);
        Value.Obj message = read(waiting("P1").getFirst());
        assertEquals(Optional.of(true), message.bool("reliable"));
        assertEquals(Optional.of(true), message.bool("sign"));
        assertEquals(7_200, message.whole("ttl").orElseThrow());
        assertEquals(7, message.whole("max_tries").orElseThrow());
        assertEquals("me", message.text("sender").orElseThrow());
        assertEquals(
                Value.obj("k", Value.text("v"), "l", Value.text("w=x")),
                message.obj("headers").orElseThrow());
        assertTrue(out.contains("\"waits_in\":\"directory\""), out);
    }

    @Test
    void refusesWhatIsNoMessage() throws IOException {
        assertEquals(65, submit("", body()));
        assertTrue(err.contains("subject is required"), err);
        assertEquals(65, submit("a", body(), "--priority", "5"));
        assertTrue(err.contains("priority must be 0...4"), err);
        assertEquals(65, submit("a", body(), "--ttl", "0s"));
        assertTrue(err.contains("ttl may not be 0"), err);
        assertEquals(65, submit("a", body(), "--ttl", "745h"));
        assertTrue(err.contains("ttl exceeds maximum 744h0m0s"), err);
        assertEquals(65, submit("a", body(), "--sender", ""));
        assertTrue(err.contains("sender is required"), err);
        assertEquals(65, submit("a", body(), "-H", "Nats-Msg-Id=1"));
        assertTrue(err.contains("headers may not start with 'choria' or 'nats'"), err);
        Files.writeString(directory.resolve("body"), "");
        assertEquals(65, submit("a", body()));
        assertTrue(err.contains("payload is required"), err);
        Files.write(directory.resolve("body"), new byte[600 << 10]);
        assertEquals(65, submit("a", body()));
        assertTrue(err.contains("message is larger than 524288 bytes"), err);
        assertEquals(65, submit("a", directory.resolve("none").toString()));
        assertEquals(64, submit("a"));
    }

    @Test
    void tellsThatTheDirectoryIsFull() throws IOException {
        Files.writeString(config(), "submission.max_messages = 2\n");
        for (int i = 0; i < 3; i++) {
            assertEquals(0, submit("a", body()), err);
        }
        assertEquals(75, submit("a", body()));
        assertTrue(err.contains("spool is full"), err);
        assertEquals(0, submit("a", body(), "--priority", "3"), err);
    }

    private AutoCloseable agent(ControlSocket.Handler handler) {
        Path socket = source().base().controlSocket();
        return graph().control().serve(socket, handler);
    }

    @Test
    void handsItToAnAgentThatRuns() throws Exception {
        List<Value.Obj> heard = new ArrayList<>();
        try (AutoCloseable running = agent((request, answers) -> {
            heard.add(request);
            answers.accept(Value.obj(
                    "id", request.obj("message").orElseThrow().get("id").orElseThrow(), "lane", Value.text("bulk")));
        })) {
            assertEquals(0, submit("a.b", body()), err + running);
            assertEquals("submit", heard.getFirst().text("command").orElseThrow());
            Value.Obj message = heard.getFirst().obj("message").orElseThrow();
            assertEquals("a.b", message.text("subject").orElseThrow());
            assertEquals(message.text("id").orElseThrow(), out);
            assertTrue(Files.notExists(directory.resolve("state/submission")));
        }
    }

    @Test
    void waitsInTheDirectoryForAnAgentWithoutASpool() throws Exception {
        try (AutoCloseable running = agent((request, answers) -> {
            throw new PortException.Refused("spool.closed", "not enrolled");
        })) {
            assertEquals(0, submit("a.b", body()), err + running);
            assertEquals(1, waiting("P4").size());
        }
        try (AutoCloseable running = agent((request, answers) -> {
            throw new PortException.Refused("submission.invalid", "subject is required");
        })) {
            assertEquals(65, submit("a.b", body()), err + running);
            assertEquals(1, waiting("P4").size());
        }
    }

    private Path status(String server, Instant written, String token) throws IOException {
        Path file = directory.resolve("state/status.json");
        Files.writeString(
                file,
                "{\"connected_server\":\"" + server + "\",\"uptime\":9000,\"last_message\":0,\"token_expires\":\""
                        + token + "\",\"machine_room\":{}}");
        Files.setLastModifiedTime(file, FileTime.from(written));
        return file;
    }

    @Test
    void judgesTheStatusFile() throws IOException {
        Instant now = Instant.now();
        assertEquals(66, run("status", "--check"));
        status("tls://x", now, "0001-01-01T00:00:00Z");
        assertEquals(0, run("status", "--check", "--token", "24h"), out);
        status("tls://x", now.minusSeconds(200), "0001-01-01T00:00:00Z");
        assertEquals(65, run("status", "--check"));
        assertEquals("CRITICAL: older than 2m0s", out);
        assertEquals(0, run("status", "--check", "--max-age", "10m"), out);
        status("", now, "0001-01-01T00:00:00Z");
        assertEquals(65, run("status", "--check"));
        assertTrue(out.contains("Not connected"), out);
        status("tls://x", now, now.plusSeconds(3_600).toString());
        assertEquals(65, run("status", "--check", "--token", "24h"));
        assertTrue(out.contains("token expires"), out);
        Path file = status("tls://x", now, "");
        Files.writeString(file, "{");
        assertEquals(65, run("status", "--check"));
        assertEquals(
                66, run("status", "--check", "--file", directory.resolve("none").toString()));
    }

    /** A Choria server counts messages: its file says so. */
    @Test
    void judgesTheLastMessageWhereOneIsCounted() throws IOException {
        Path file = directory.resolve("other.json");
        String[] check = {"status", "--check", "--file", file.toString(), "--last-message", "1h"};
        Files.writeString(file, "{\"connected_server\":\"x\",\"uptime\":100,\"last_message\":0}");
        assertEquals(0, run(check), out);
        Files.writeString(file, "{\"connected_server\":\"x\",\"uptime\":4000,\"last_message\":0}");
        assertEquals(65, run(check));
        Files.writeString(file, "{\"connected_server\":\"x\",\"uptime\":4000,\"last_message\":1000}");
        assertEquals(65, run(check));
        assertTrue(out.contains("last message at 1970-01-01"), out);
    }
}
