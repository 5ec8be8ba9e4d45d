package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.ports.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real configuration file does to the log. */
final class LoggingTest {
    private static final Logger ROOT = Logger.getLogger("");

    @TempDir
    private Path folder;

    private List<Handler> handlers = List.of();
    private Level level = Level.INFO;

    @BeforeEach
    void remember() {
        handlers = List.of(ROOT.getHandlers());
        level = ROOT.getLevel();
    }

    @AfterEach
    void putBack() {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
            handler.close();
        }
        handlers.forEach(ROOT::addHandler);
        ROOT.setLevel(level);
    }

    private List<String> lines(String... settings) throws IOException {
        Path file = folder.resolve("agent.cfg");
        Files.writeString(file, String.join("\n", settings));
        Logging logging = new Logging();
        logging.start(new ConfigSource(new ConfigLoader(Map.of(), Map.of()), file).base(), false);
        Logger.getLogger("some.part").info("fine");
        Logger.getLogger("some.part").warning("not so fine");
        logging.flush();
        return Files.readAllLines(folder.resolve("agent.log"), StandardCharsets.UTF_8);
    }

    @Test
    void aFileAsText() throws IOException {
        List<String> lines = lines("log.file = agent.log");
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().contains("fine"), lines.getFirst());
    }

    @Test
    void aLevelThatIsHigher() throws IOException {
        List<String> lines = lines("log.file = agent.log", "log.level = warn");
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("not so fine"), lines.getFirst());
    }

    @Test
    void linesOfJson() throws IOException {
        for (String line : lines("log.file = agent.log", "log.format = json")) {
            Value.Obj read = (Value.Obj) new JacksonJson().read(line.getBytes(StandardCharsets.UTF_8));
            assertTrue(read.toString().contains("fine"), line);
        }
    }
}
