package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainRunTest {
    @Test
    void readsTheCommandLineOfAService() {
        assertEquals(Optional.of(new PlainRun("agent.cfg", false)), PlainRun.of("run", "--config", "agent.cfg"));
        assertEquals(Optional.of(new PlainRun("a=b", false)), PlainRun.of("run", "--config=a=b"));
        assertEquals(Optional.of(new PlainRun("/x y", true)), PlainRun.of("--debug", "run", "--config", "/x y"));
    }

    @Test
    void leavesEverythingElseToPicocli() {
        for (List<String> args : List.of(
                List.<String>of(),
                List.of("--debug"),
                List.of("run"),
                List.of("run", "--config"),
                List.of("run", "--config="),
                List.of("run", "--config", ""),
                List.of("run", "--config", "--help"),
                List.of("run", "--config", "@file"),
                List.of("run", "--config", "\"quoted\""),
                List.of("run", "--help"),
                List.of("run", "--configuration", "x"),
                List.of("run", "--config", "x", "y"),
                List.of("run", "--config=x", "y"),
                List.of("--debug", "--debug", "run", "--config", "x"),
                List.of("facts", "--config", "x"))) {
            assertEquals(Optional.empty(), PlainRun.of(args.toArray(String[]::new)), () -> args.toString());
        }
    }
}
