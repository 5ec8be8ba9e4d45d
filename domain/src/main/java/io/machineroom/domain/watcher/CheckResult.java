package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.GoText;
import java.util.List;

/**
 * What one check of a nagios watcher told.
 *
 * @param output what it printed, trimmed
 * @param perfData its values; null when it printed none
 */
record CheckResult(
        Status status,
        String output,
        @org.jspecify.annotations.Nullable List<PerfData> perfData) {
    /** The four answers, by their exit codes. */
    enum Status {
        OK,
        WARNING,
        CRITICAL,
        UNKNOWN;

        /** The answer of an exit code; what is none of the four is UNKNOWN. */
        static Status of(int exitCode) {
            return exitCode >= 0 && exitCode < values().length ? values()[exitCode] : UNKNOWN;
        }

        int code() {
            return ordinal();
        }
    }

    static CheckResult of(Status status, String output) {
        String text = GoText.trim(output);
        return new CheckResult(status, text, text.indexOf('|') < 0 ? null : PerfData.parse(text));
    }

    static CheckResult unknown(String why) {
        return of(Status.UNKNOWN, why);
    }
}
