package io.machineroom.domain.agent;

import io.machineroom.domain.supervision.Service;
import java.util.List;

/** The service that runs the machines; what it tells is safe from any task. */
public interface MachineService extends Service {
    List<MachineSummary> machines();

    /** Serial of the list of machines in force; 0 when there is none. */
    long listSerial();

    /**
     * A machine in status and inventory.
     *
     * @param loadError why it does not run; empty when it does
     */
    record MachineSummary(String name, String version, String state, String directory, String loadError) {}
}
