package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LineFormatterTest {
    private static LogRecord logged(Level level, String message) {
        LogRecord made = new LogRecord(level, message);
        made.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
        made.setLoggerName("io.machineroom.domain.flow.Pump");
        return made;
    }

    @Test
    void textIsOneLine() {
        String line = new LineFormatter(Optional.empty()).format(logged(Level.WARNING, "the line is \"slow\""));
        assertEquals("2026-01-02T03:04:05.678Z warn  Pump: the line is \"slow\"\n", line);
    }

    @Test
    void jsonIsOneObjectALineAlsoWithAStack() {
        LogRecord made = logged(Level.SEVERE, "two\nlines");
        made.setThrown(new IllegalStateException("broken"));
        String line = new LineFormatter(Optional.of(new JacksonJson())).format(made);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        Value.Obj read = (Value.Obj) new JacksonJson().read(line.getBytes(StandardCharsets.UTF_8));
        assertEquals("error", read.text("level").orElseThrow());
        assertEquals("two\nlines", read.text("message").orElseThrow());
        assertTrue(read.text("stack").orElseThrow().startsWith("java.lang.IllegalStateException: broken"));
    }
}
