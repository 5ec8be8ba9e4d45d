package io.machineroom.app.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.SpoolProvider;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the backend of the event log: the one spool provider on the class path. */
final class LogBackends {
    private LogBackends() {}

    static SpoolProvider onClassPath() {
        List<SpoolProvider> found = ServiceLoader.load(SpoolProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        if (found.size() != 1) {
            throw new PortException.Refused(
                    "spool.provider", "one spool backend must be in lib/, there are " + found.size());
        }
        return found.getFirst();
    }
}
