package io.machineroom.app.cli;

import io.machineroom.app.config.Config;
import io.machineroom.domain.watcher.StatusRules;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code status --check} wants of a status file; says no word about an agent that left no file. */
final class StatusLimits {
    private static final int MAX_BYTES = 16 << 20;

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            defaultValue = "2m",
            description = "--check: oldest file; default 2m.")
    private String age = "2m";

    @Option(
            names = "--token",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "--check: how long the token must still be good.")
    private String token = "0s";

    @Option(
            names = "--certificate",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "--check: the same for the certificate.")
    private String certificate = "0s";

    @Option(
            names = "--last-message",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "--check: oldest last message, in files of servers that count them; default 1h.")
    private String lastMessage = "1h";

    @Option(names = "--file", paramLabel = "FILE", description = "--check: another file than the agent's.")
    private @Nullable Path file;

    /** Prints a line and returns the exit code. */
    int check(Config config, JsonFormat json, PrintWriter out) {
        Path at = file != null
                ? file
                : config.path("status.file", config.storage().resolve("status.json"));
        try {
            Instant written = Files.getLastModifiedTime(at).toInstant();
            String fault = json.read(Files.readAllBytes(at), MAX_BYTES) instanceof Value.Obj status
                    ? rules().fault(written, status, Instant.now())
                    : "it is not a JSON object";
            out.println(fault.isEmpty() ? "OK: " + at : "CRITICAL: " + fault);
            return fault.isEmpty() ? ExitCodes.OK : ExitCodes.DATA;
        } catch (NoSuchFileException e) {
            out.println("CRITICAL: there is no " + at);
            return ExitCodes.NO_INPUT;
        } catch (PortException.Refused e) {
            out.println("CRITICAL: " + at + ": " + e.getMessage());
            return ExitCodes.DATA;
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", at + " cannot be read: " + e, e);
        }
    }

    private StatusRules rules() {
        return new StatusRules(
                Durations.parse(age),
                Durations.parse(lastMessage),
                Durations.parse(certificate),
                Durations.parse(token));
    }
}
