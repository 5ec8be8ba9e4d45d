package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code replicate} as somebody types it, as far as it needs no server. */
final class ReplicateCommandTest {
    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    private int run(String... arguments) {
        AgentOptions options = new AgentOptions(
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
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = new CommandLines(options, List.of(), DaggerAgentComponent.factory()::create).commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(complained));
        int exit = line.execute(arguments);
        out = said.toString();
        err = complained.toString();
        return exit;
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("r.yaml"), text);
    }

    @Test
    void checkSaysThatAFileIsGood() throws IOException {
        Path file = file("""
                name: X
                streams:
                  - {stream: A, source_url: "nats://a:4222", target_url: "nats://b:4222"}
                """);
        assertEquals(ExitCodes.OK, run("replicate", "check", file.toString()), () -> err);
        assertTrue(out.contains("is good: 1 streams"), out);
    }

    @Test
    void checkTellsEveryFaultWithItsLineAndTheNearestKey() throws IOException {
        Path file = file("""
                name: X
                streams:
                  - stream: A
                    source_url: nats://a:4222
                    inspect_feld: x
                """);
        assertEquals(78, run("replicate", "check", file.toString()));
        assertTrue(err.contains("line 5") && err.contains("did you mean 'inspect_field'"), err);
        assertTrue(err.contains("target_url is required"), err);
    }

    /** The original prints its whole configuration when a host is missing. */
    @Test
    void w34AFaultShowsNothingOfTheRestOfTheFile() throws IOException {
        Path file = file("""
                name: X
                streams:
                  - {stream: A, source_url: "nats://me:s3cret@a:4222"}
                  - {stream: B, source_url: "nats://me:s3cret@a:4222", target_url: "http://me:s3cret@b"}
                """);
        assertEquals(78, run("replicate", "check", file.toString()));
        assertTrue(err.contains("target_url is required"), err);
        assertTrue(!err.contains("s3cret") && !out.contains("s3cret"), err + out);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("none.yaml");
        assertTrue(run("replicate", "--config", missing.toString()) != ExitCodes.OK);
        assertTrue(err.contains(missing.toString()), err);
    }

    @Test
    void adminStateListsTheSendersOfAStateStore() throws IOException {
        Files.writeString(folder.resolve("TEST_GINKGO.json"), """
                {"Items":{
                  "old.example":{"seen":"2020-01-01T00:00:00Z","copied":"2020-01-01T00:00:00Z","advised":true,"size":5},
                  "new.example":{"seen":"2999-01-01T00:00:00Z","copied":"0001-01-01T00:00:00Z","advised":false,"size":7}}}
                """);
        String state = folder.toString();
        assertEquals(ExitCodes.OK, run("replicate", "admin", "state", state, "--values"), () -> err);
        assertEquals(List.of("old.example", "new.example"), out.lines().toList());
        run("replicate", "admin", "state", state, "--since", "1h", "--values");
        assertEquals("new.example\n", out);
        run("replicate", "admin", "state", state, "--advised", "--value", "example$");
        assertEquals(
                "TEST_GINKGO.json old.example: seen 2020-01-01T00:00:00Z, copied 2020-01-01T00:00:00Z, 5 bytes, advised\n",
                out);
        run("replicate", "admin", "state", state, "--value", "^new", "--json");
        assertTrue(out.contains("\"value\":\"new.example\"") && out.contains("\"size\":7"), out);
        assertEquals(64, run("replicate", "admin", "state", state, "--value", "("));
        assertEquals(64, run("replicate", "admin", "state", state + "/none"));
        assertEquals(64, run("replicate", "admin"));
    }

    @Test
    void withoutAFileTheCommandLineIsWrong() {
        assertEquals(64, run("replicate"));
        assertTrue(err.contains("--config FILE is needed"), err);
    }

    @Test
    void cfg02TheFolderForStateIsMade() throws IOException {
        Path state = folder.resolve("not/there/yet");
        Path file = file("name: X\nstate_store: " + state + "\nstreams: []\n");
        assertEquals(ExitCodes.OK, run("replicate", "check", file.toString()), () -> err);
        assertTrue(Files.isDirectory(state));
        assertEquals(
                "rwx------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
        assertEquals(ExitCodes.OK, run("replicate", "check", file.toString()), () -> err);
    }

    @Test
    void cfg02AFolderThatCannotBeMadeIsTold() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "a file");
        Path file = file("name: X\nstate_store: " + taken + "\nstreams: []\n");
        assertTrue(run("replicate", "check", file.toString()) != ExitCodes.OK);
        assertTrue(err.contains("state_store"), err);
    }
}
