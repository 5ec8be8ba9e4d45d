package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.domain.spooling.SpoolDesk;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as an operator types them, on the real spool. */
final class SpoolCommandTest {
    private static final GraphFactory GRAPH = DaggerAgentComponent.factory()::create;
    private static final String PARKED = "0000000001-" + "a".repeat(32) + "-bulk-0000000000000000007";

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
        Files.createDirectories(directory.resolve("state/spool"));
    }

    private Path config() {
        return directory.resolve("agent.cfg");
    }

    private AgentGraph graph() {
        return GRAPH.create(options, new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config()));
    }

    private Spool open() {
        return graph().spoolFiles().open(Optional.empty());
    }

    private int run(String... arguments) {
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = new CommandLines(options, List.of(), GRAPH).commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(complained));
        List<String> all = new ArrayList<>(List.of("spool"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--config", config().toString()));
        int exit = line.execute(all.toArray(new String[0]));
        out = said.toString();
        err = complained.toString();
        return exit;
    }

    private static Message message(String id) {
        return new Message(
                Subject.of("choria.machine.transition"),
                id,
                Map.of("Content-Type", "text/plain"),
                ByteBuffer.wrap(("body of " + id).getBytes(StandardCharsets.UTF_8)),
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    private void fill() throws InterruptedException {
        try (Spool spool = open()) {
            spool.append(Lane.NORMAL, List.of(message("n1"), message("n2"), message("n3")));
            spool.skip(Lane.NORMAL, 4, "capacity");
            spool.append(Lane.URGENT, List.of(message("u1")));
        }
    }

    @Test
    void showsTheSpoolOfAStoppedAgent() throws Exception {
        fill();
        assertEquals(0, run("stats"), err);
        assertTrue(out.matches("(?s).*normal +4 .*urgent.*") || out.matches("(?s).*urgent +1 .*normal +4 .*"), out);
        assertEquals(0, run("ls", "--json", "--lane", "normal"), err);
        assertEquals(4, out.lines().count(), out);
        assertTrue(out.contains("\"id\":\"n2\"") && out.contains("\"void\":\"capacity\""), out);
        assertEquals(0, run("ls", "--subject", "choria.machine", "--limit", "2"), err);
        assertEquals(2, out.lines().count(), out);
        assertEquals(0, run("ledger"), err);
        assertTrue(out.contains("normal  1-7: 3 events, 0 missing, void: capacity 4"), out);
        assertEquals(0, run("verify"), err);
        assertTrue(out.contains(" 0 faults found"), out);
    }

    @Test
    void exportsWholeEventsIntoANewFileOnly() throws Exception {
        fill();
        Path file = directory.resolve("events.jsonl");
        assertEquals(0, run("export", "--to", file.toString()), err);
        List<String> lines = Files.readAllLines(file);
        assertEquals(5, lines.size());
        assertTrue(lines.getFirst().contains("\"id\":\"u1\"")
                && lines.getFirst().contains("\"body\":\"Ym9keSBvZiB1MQ==\""));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(74, run("export", "--to", file.toString()), "an old file is not replaced");
        assertEquals(lines, Files.readAllLines(file));
    }

    @Test
    void findsDamageSetsItAsideAndSaysSo() throws Exception {
        fill();
        Path normal = directory.resolve("state/spool/normal");
        Path segment;
        try (var files = Files.list(normal)) {
            segment =
                    files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("body of n2");
        bytes[at] ^= 1;
        Files.write(segment, bytes);
        assertEquals(65, run("verify"), out + err);
        assertTrue(out.contains("a record whose checksum is wrong") && out.contains(" 1 faults found"), out);
        assertEquals(0, run("repair"), err);
        assertTrue(out.contains(" 1 records damaged") && out.contains("evidence normal-"), out);
        assertEquals(0, run("ledger", "--json"), err);
        assertTrue(out.contains("\"void\":{\"capacity\":4,\"damaged\":1}"), out);
    }

    @Test
    void setsASpoolAsideThatCannotBeOpened() throws Exception {
        fill();
        Files.writeString(directory.resolve("state/spool/spool.epochs"), "nonsense");
        assertEquals(74, run("stats"), out);
        assertTrue(err.contains("[spool.damaged]"), err);
        assertEquals(74, run("repair"), out);
        assertTrue(err.contains("--set-aside"), err);
        assertEquals(0, run("repair", "--set-aside"), err);
        assertTrue(Files.exists(directory.resolve("state/spool.damaged-1/normal")), out);
        assertFalse(Files.exists(directory.resolve("state/spool")));
        assertEquals(
                65,
                run(
                        "verify",
                        "--directory",
                        directory.resolve("state/spool.damaged-1").toString()),
                err);
        assertEquals(74, run("stats"), "there is none now");
        assertTrue(err.contains("[spool.absent]"), err);
    }

    private void park() throws IOException {
        Files.createDirectories(directory.resolve("state/parked"));
        Files.writeString(directory.resolve("state/parked").resolve(PARKED), """
                code: sink.poison
                reason: no
                subject: a.b
                id: again
                created: 2026-01-02T03:04:05Z
                header: Content-Type=text/x=y

                the body
                second line""");
    }

    @Test
    void appendsParkedEventsAnew() throws Exception {
        fill();
        park();
        assertEquals(0, run("requeue", "--list"), err);
        assertTrue(out.contains("again sink.poison: no"), out);
        assertEquals(0, run("requeue"), err);
        assertTrue(out.contains("1 requeued, 0 kept"), out);
        assertFalse(Files.exists(directory.resolve("state/parked").resolve(PARKED)));
        try (Spool spool = open()) {
            List<String> bodies = new ArrayList<>();
            spool.walk(d -> {
                if (d.stamp().lane() == Lane.BULK) {
                    bodies.add(d.message().contentType() + " "
                            + new String(d.message().bytes(), StandardCharsets.UTF_8));
                }
                return true;
            });
            assertEquals(List.of("text/x=y the body\nsecond line"), bodies);
        }
        assertEquals(65, run("requeue", "no-such-file"), out);
        assertTrue(err.contains("[parked."), err);
    }

    @Test
    void asksAnAgentThatRuns() throws Exception {
        fill();
        AgentGraph running = graph();
        Path socket = new ConfigSource(new ConfigLoader(Map.of(), Map.of()), config())
                .base()
                .controlSocket();
        try (Spool spool = open();
                AutoCloseable control = running.control()
                        .serve(
                                socket,
                                (request, answers) -> new SpoolDesk(
                                                spool, running.spoolFiles().storage())
                                        .handle(request, answers))) {
            assertEquals(0, run("stats", "--json"), err + control);
            assertTrue(out.contains(spool.epoch().wire()), out);
            assertEquals(0, run("ls"), err);
            assertEquals(5, out.lines().count(), out);
            assertEquals(0, run("verify"), err);
            assertTrue(out.contains("5 records of "), out);
            park();
            assertEquals(0, run("requeue"), err);
            assertEquals(1, spool.stats(Lane.BULK).records());
            assertEquals(75, run("repair"), out);
            assertTrue(
                    err.contains("is held by process " + ProcessHandle.current().pid()), err);
        }
    }

    @Test
    void saysWhatIsWrongWithACommandLine() throws Exception {
        fill();
        assertEquals(64, run("dance"));
        assertEquals(65, run("ls", "--lane", "fast"), out);
        assertTrue(err.contains("lanes are urgent, normal, bulk and newest"), err);
    }
}
