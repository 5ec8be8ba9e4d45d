package io.machineroom.app.host;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** One record, one line, as text or JSON; a stack follows its line in text and is a field in JSON. */
final class LineFormatter extends Formatter {
    private final Optional<JsonFormat> json;

    LineFormatter(Optional<JsonFormat> json) {
        this.json = json;
    }

    @Override
    public String format(LogRecord record) {
        String time = record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString();
        String logger = String.valueOf(record.getLoggerName());
        String name = logger.substring(logger.lastIndexOf('.') + 1);
        String message = formatMessage(record);
        return json.map(j -> line(j, record, time, message))
                .orElseGet(() -> String.format(
                        Locale.ROOT,
                        "%s %-5s %s: %s%n%s",
                        time,
                        level(record.getLevel()),
                        name,
                        message,
                        stack(record)));
    }

    private static String line(JsonFormat json, LogRecord record, String time, String message) {
        Value.Obj out = Value.obj("time", Value.text(time), "level", Value.text(level(record.getLevel())))
                .with("logger", Value.text(String.valueOf(record.getLoggerName())))
                .with("message", Value.text(message));
        String stack = stack(record);
        Value.Obj all = stack.isEmpty() ? out : out.with("stack", Value.text(stack));
        return new String(json.write(all), StandardCharsets.UTF_8) + "\n";
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "warn";
        }
        return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
    }

    private static String stack(LogRecord record) {
        Throwable thrown = record.getThrown();
        if (thrown == null) {
            return "";
        }
        StringWriter out = new StringWriter();
        thrown.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
