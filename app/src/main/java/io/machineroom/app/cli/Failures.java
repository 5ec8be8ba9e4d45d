package io.machineroom.app.cli;

import io.machineroom.app.config.ConfigException;
import io.machineroom.ports.PortException;
import java.io.PrintWriter;

/** What an operator reads when a command fails. */
final class Failures {
    private Failures() {}

    /** Prints why, with the stack when debugging, and returns the exit code. */
    static int report(String name, Exception failure, PrintWriter err, boolean debug) {
        switch (failure) {
            case ConfigException c -> {
                err.println(name + ": the configuration cannot be used:");
                c.problems().forEach(p -> err.println("  " + p));
            }
            case PortException p -> err.println(name + ": " + p.getMessage() + " [" + p.code() + "]");
            default ->
                err.println(name + ": " + failure.getClass().getSimpleName() + ": " + failure.getMessage()
                        + (debug ? "" : " (run with --debug for the stack)"));
        }
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCodes.of(failure);
    }
}
