package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingFileTest {
    @TempDir
    Path directory;

    @Test
    void writesIntoTheFileThatWasNamedAndKeepsAsManyAsAsked() throws Exception {
        Path file = directory.resolve("agent.log");
        RollingFile log = new RollingFile(file, 1, 3);
        log.setFormatter(new LineFormatter(Optional.empty()));
        for (int i = 1; i <= 5; i++) {
            log.publish(new LogRecord(Level.INFO, "line " + i));
        }
        log.close();
        assertEquals("line 5", last(file));
        assertEquals("line 4", last(directory.resolve("agent.log.1")));
        assertEquals("line 3", last(directory.resolve("agent.log.2")));
        assertFalse(Files.exists(directory.resolve("agent.log.3")));
    }

    @Test
    void appendsAfterARestart() throws Exception {
        Path file = directory.resolve("agent.log");
        for (int i = 1; i <= 2; i++) {
            RollingFile log = new RollingFile(file, 1000, 3);
            log.setFormatter(new LineFormatter(Optional.empty()));
            log.publish(new LogRecord(Level.INFO, "line " + i));
            log.close();
        }
        assertEquals(2, Files.readAllLines(file).size());
    }

    private static String last(Path file) throws Exception {
        String line = Files.readAllLines(file).getLast();
        return line.substring(line.indexOf("line "));
    }
}
