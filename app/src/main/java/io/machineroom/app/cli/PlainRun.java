package io.machineroom.app.cli;

import java.util.Optional;

/**
 * The command line that services start agents with, {@code [--debug] run --config FILE}, read without
 * picocli: its classes are too old for the start-up cache and cost 6 MB and 70 ms at every start.
 * Everything else, and every mistake, is picocli's.
 *
 * @param config what {@code --config} names
 * @param debug whether {@code --debug} was given
 */
record PlainRun(String config, boolean debug) {
    private static final String CONFIG = "--config";

    /** The command line if it is this one, and nothing but it. */
    static Optional<PlainRun> of(String... args) {
        int at = 0;
        boolean debug = args.length > 0 && args[0].equals("--debug");
        if (debug) {
            at++;
        }
        if (args.length <= at || !args[at].equals("run")) {
            return Optional.empty();
        }
        at++;
        if (args.length == at + 1 && args[at].startsWith(CONFIG + "=")) {
            return plain(args[at].substring(CONFIG.length() + 1), debug);
        }
        return args.length == at + 2 && args[at].equals(CONFIG) ? plain(args[at + 1], debug) : Optional.empty();
    }

    /** Quotes, options and files of arguments have a meaning for picocli. */
    private static Optional<PlainRun> plain(String file, boolean debug) {
        return file.isEmpty() || "-@\"'".indexOf(file.charAt(0)) >= 0
                ? Optional.empty()
                : Optional.of(new PlainRun(file, debug));
    }
}
