package io.machineroom.app.backplane;

import io.machineroom.ports.PortException;

/** Exit codes of the backplane's commands, after BSD's {@code sysexits.h}; documented in {@code docs/backplane.md}. */
final class BackplaneExit {
    static final int OK = 0;
    /** The command line is wrong. */
    static final int USAGE = 64;
    /** Input is wrong: list, token, directory. */
    static final int DATA = 65;
    /** No backplane runs there, or what it needs is not reachable. */
    static final int UNAVAILABLE = 69;
    /** A fault of this program. */
    static final int SOFTWARE = 70;
    /** A file or directory that cannot be made. */
    static final int CANNOT_CREATE = 73;
    /** Refused: a list that does not verify, an unknown customer or node. */
    static final int REFUSED = 77;

    private BackplaneExit() {}

    static int of(Throwable failure) {
        return switch (failure) {
            case PortException.Unavailable u -> u.code().startsWith("file.") ? CANNOT_CREATE : UNAVAILABLE;
            case PortException.Corrupted c -> SOFTWARE;
            case PortException.Refused r -> ofRefusal(r.code());
            default -> SOFTWARE;
        };
    }

    private static int ofRefusal(String code) {
        return switch (code) {
            case "init.exists", "output.exists", "output.denied", "file.denied", "file.missing", "file.exists" ->
                CANNOT_CREATE;
            case "spool.locked", "log.locked", "control.in-use" -> UNAVAILABLE;
            default -> {
                boolean refused = code.startsWith("spec.")
                        || code.startsWith("deploy.")
                        || code.startsWith("node.")
                        || code.startsWith("key.")
                        || code.startsWith("customer.")
                        || code.startsWith("renew.")
                        || code.startsWith("site.")
                        || code.startsWith("governor.")
                        || code.startsWith("token.customer");
                yield refused ? REFUSED : DATA;
            }
        };
    }
}
