package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.watcher.WatcherContext;

/** A check that needs no plugin. */
interface NagiosBuiltin {
    /**
     * Looks once.
     *
     * @throws PortException when it cannot tell, which counts as UNKNOWN
     */
    CheckResult look(WatcherContext context) throws InterruptedException;

    /** The time, as a sign of life. */
    static NagiosBuiltin heartbeat() {
        return context -> CheckResult.of(
                CheckResult.Status.OK, Long.toString(context.time().wall().getEpochSecond()));
    }

    /** One that this build does not have. */
    static NagiosBuiltin unsupported(String name) {
        return context -> {
            throw new PortException.Refused("nagios.builtin", "unsupported builtin \"" + name + "\"");
        };
    }
}
