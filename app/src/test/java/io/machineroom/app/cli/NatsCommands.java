package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands as somebody types them, with a real nats-server. */
abstract class NatsCommands {
    static final AgentOptions OPTIONS = new AgentOptions(
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
    Path folder;

    private Process server;
    private int port;
    String url = "";

    /** What a command said. */
    record Said(int exit, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(d -> Files.isExecutable(Path.of(d, "nats-server")));
        Assumptions.assumeTrue(there || "true".equals(System.getenv("CI")), "no nats-server");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = "nats://127.0.0.1:" + port;
        launch();
    }

    /** The server, on its port and with what it has on the disk. */
    final void launch() throws Exception {
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
            kill();
        }
    }

    final void kill() {
        server.destroyForcibly().onExit().join();
    }

    static void until(Callable<Boolean> condition) throws Exception {
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

    static Said say(String... arguments) {
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = new CommandLines(OPTIONS, List.of(), DaggerAgentComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(complained));
        int exit = line.execute(arguments);
        return new Said(exit, said.toString(), complained.toString());
    }

    Said kv(String action, String... arguments) {
        return say(Stream.concat(Stream.of("kv", action, "--nats", url), Stream.of(arguments))
                .toArray(String[]::new));
    }

    static Said good(Said said) {
        assertEquals(ExitCodes.OK, said.exit(), said.err());
        return said;
    }
}
