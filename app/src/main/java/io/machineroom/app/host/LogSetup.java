package io.machineroom.app.host;

import io.machineroom.ports.data.JsonFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Sets {@code java.util.logging} up for the whole process: one handler, text or JSON, console or file. */
public final class LogSetup {
    private static final long FILE_BYTES = 10 << 20;
    private static final int FILES = 5;
    /** Loggers of libraries that talk more than an operator wants to read. */
    private static final List<String> TALKATIVE = List.of(
            "net.openhft",
            "io.nats",
            "oshi",
            "jdk.internal.httpclient",
            "sun.net.httpserver",
            "com.sun.net.httpserver");

    private LogSetup() {}

    /** Must be called before the first logger is used: keeps the log open while the process stops. */
    public static void early() {
        if (System.getProperty("java.util.logging.manager") == null) {
            System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
        }
    }

    /**
     * Applies the settings.
     *
     * @param level debug, info, warn or error
     * @param json whether lines are JSON
     * @param file log file; the console (standard error) when empty
     * @throws IOException when the file cannot be written
     */
    public static void apply(String level, Optional<JsonFormat> json, Optional<Path> file) throws IOException {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
            handler.close();
        }
        Handler handler =
                file.isPresent() ? new RollingFile(file.get(), FILE_BYTES, FILES, System.err) : new ConsoleHandler();
        handler.setFormatter(new LineFormatter(json));
        handler.setLevel(Level.ALL);
        handler.setEncoding("UTF-8");
        root.addHandler(handler);
        root.setLevel(level(level));
        for (String name : TALKATIVE) {
            Kept.LOGGERS.add(quiet(name));
        }
    }

    /** Brings out what was logged. */
    public static void flush() {
        for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.flush();
        }
    }

    private static Logger quiet(String name) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(Level.SEVERE);
        return logger;
    }

    private static Level level(String name) {
        return switch (name) {
            case "debug" -> Level.FINE;
            case "warn" -> Level.WARNING;
            case "error" -> Level.SEVERE;
            default -> Level.INFO;
        };
    }

    /** Loggers are held weakly by their manager; without this their level would be forgotten. */
    private static final class Kept {
        static final java.util.Set<Logger> LOGGERS = java.util.concurrent.ConcurrentHashMap.newKeySet();
    }

    /** Does not close the log in the JVM's shutdown: the stop of the agent is worth reading. */
    public static final class LastingLogManager extends LogManager {
        @Override
        public void reset() {
            // called by the JVM's own shutdown hook, beside ours; handlers write through, nothing is lost
        }
    }
}
