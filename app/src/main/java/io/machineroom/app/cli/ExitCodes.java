package io.machineroom.app.cli;

import io.machineroom.app.config.ConfigException;
import io.machineroom.ports.PortException;

/** Exit codes of all commands, after BSD's {@code sysexits.h}; documented in {@code docs/operators.md}. */
public final class ExitCodes {
    /** Done, also after a stop that was asked for. */
    public static final int OK = 0;
    /** The command line is wrong. */
    public static final int USAGE = 64;
    /** Input is wrong: token, file, list. */
    public static final int DATA = 65;
    /** Needed and absent: no provisioning token. */
    public static final int NO_INPUT = 66;
    /** What is asked is not reachable: no agent runs here. */
    public static final int UNAVAILABLE = 69;
    /** A fault of this program. */
    public static final int SOFTWARE = 70;
    /** A disk or file that cannot be used; the spool does not open. */
    public static final int IO = 74;
    /** Works later: another process holds what is needed. */
    public static final int TEMPORARY = 75;
    /** The configuration is wrong. */
    public static final int CONFIGURATION = 78;

    private ExitCodes() {}

    /** The exit code of a failure. */
    public static int of(Throwable failure) {
        return switch (failure) {
            case ConfigException e -> CONFIGURATION;
            case PortException.Corrupted e -> IO;
            case PortException.Refused e -> ofCode(e.code());
            case PortException.Unavailable e -> e.code().startsWith("file.") ? IO : ofCode(e.code());
            default -> SOFTWARE;
        };
    }

    /** The exit code of a stable error code. */
    public static int ofCode(String code) {
        return switch (code) {
            case "provisioning.token-missing", "bucket.no-key" -> NO_INPUT;
            case "bucket.key", "bucket.too-large", "bucket.ttl", "bucket.read-only", "bucket.not-permitted" -> DATA;
            case "bucket.moved", "spool.locked", "submission.full", "control.in-use", "gateway.port", "reset.running" ->
                TEMPORARY;
            case "service.failed", "control.failed" -> SOFTWARE;
            case "governor.timeout", "governor.lost", "governor.held" -> TEMPORARY;
            case "control.absent", "control.unknown", "governor.unreachable" -> UNAVAILABLE;
            default -> ofFamily(code.substring(0, Math.max(0, code.indexOf('.'))));
        };
    }

    private static int ofFamily(String family) {
        return switch (family) {
            case "spool", "file", "enrolment" -> IO;
            case "config", "agent" -> CONFIGURATION;
            case "link", "bucket", "gateway" -> UNAVAILABLE;
            default -> DATA;
        };
    }
}
