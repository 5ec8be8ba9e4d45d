package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingFileTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final PrintStream error = new PrintStream(told, true, StandardCharsets.UTF_8);

    @Test
    void writesIntoTheFileThatWasNamedAndKeepsAsManyAsAsked() throws Exception {
        Path file = directory.resolve("agent.log");
        RollingFile log = new RollingFile(file, 1, 3, error);
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
            RollingFile log = new RollingFile(file, 1000, 3, error);
            log.setFormatter(new LineFormatter(Optional.empty()));
            log.publish(new LogRecord(Level.INFO, "line " + i));
            log.close();
        }
        assertEquals(2, Files.readAllLines(file).size());
    }

    private RollingFile log(Path file, long bytes) throws Exception {
        RollingFile log = new RollingFile(file, bytes, 3, error);
        log.setFormatter(new LineFormatter(Optional.empty()));
        return log;
    }

    @Test
    void anInterruptedThreadDoesNotEndTheLog() throws Exception {
        Path file = directory.resolve("agent.log");
        RollingFile log = log(file, 1 << 20);
        Thread writer = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            log.publish(new LogRecord(Level.INFO, "line 1"));
            if (Thread.currentThread().isInterrupted()) {
                log.publish(new LogRecord(Level.INFO, "line 2"));
            }
        });
        writer.join();
        log.publish(new LogRecord(Level.INFO, "line 3"));
        assertEquals(3, Files.readAllLines(file).size());
        assertEquals("", told.toString(StandardCharsets.UTF_8));
    }

    @Test
    void goesToTheErrorOutputWhileItsDirectoryIsGoneAndComesBack() throws Exception {
        Path home = Files.createDirectory(directory.resolve("logs"));
        Path file = home.resolve("agent.log");
        RollingFile log = log(file, 1 << 20);
        log.publish(new LogRecord(Level.INFO, "line 1"));
        Files.move(home, directory.resolve("away"));
        log.publish(new LogRecord(Level.INFO, "line 2"));
        log.publish(new LogRecord(Level.INFO, "line 3"));
        List<String> elsewhere = told.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3, elsewhere.size());
        assertTrue(elsewhere.getFirst().contains("cannot be written"), elsewhere.getFirst());
        Files.createDirectory(home);
        log.publish(new LogRecord(Level.INFO, "line 4"));
        List<String> again = Files.readAllLines(file);
        assertEquals(2, again.size());
        assertTrue(again.getFirst().contains("2 went to the error output"), again.getFirst());
        assertEquals("line 4", last(file));
    }

    @Test
    void goesOnInPlaceWhenItCannotBeRolledAndSaysSo() throws Exception {
        Path file = directory.resolve("agent.log");
        // a directory with something in it cannot be replaced by a file, whoever asks
        Files.createDirectories(directory.resolve("agent.log.1").resolve("inside"));
        Files.createDirectories(directory.resolve("agent.log.2").resolve("inside"));
        RollingFile log = log(file, 1000);
        long longest = 0;
        for (int i = 0; i < 200; i++) {
            log.publish(new LogRecord(Level.INFO, "line " + i));
            longest = Math.max(longest, Files.size(file));
        }
        assertTrue(longest < 2500, longest + " bytes");
        assertEquals("line 199", last(file));
        assertTrue(Files.readString(file).contains("cannot be rolled"), "it is silent about it");
        assertEquals("", told.toString(StandardCharsets.UTF_8));
    }

    @Test
    void rollsAgainWhenItCan() throws Exception {
        Path file = directory.resolve("agent.log");
        Path inTheWay = Files.createDirectories(directory.resolve("agent.log.1").resolve("inside"));
        Files.createDirectories(directory.resolve("agent.log.2").resolve("inside"));
        RollingFile log = log(file, 100);
        for (int i = 0; i < 5; i++) {
            log.publish(new LogRecord(Level.INFO, "line " + i));
        }
        Files.delete(inTheWay);
        Files.delete(directory.resolve("agent.log.2").resolve("inside"));
        for (int i = 5; i < 20; i++) {
            log.publish(new LogRecord(Level.INFO, "line " + i));
        }
        assertTrue(Files.isRegularFile(directory.resolve("agent.log.1")), "it never rolled");
        assertEquals("line 19", last(file));
    }

    private static String last(Path file) throws Exception {
        String line = Files.readAllLines(file).getLast();
        return line.substring(line.indexOf("line "));
    }
}
