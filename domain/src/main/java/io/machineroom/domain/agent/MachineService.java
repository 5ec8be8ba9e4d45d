package io.machineroom.domain.agent;

import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.host.ControlSocket;
import java.util.List;

/** The service that runs the machines; what it tells is safe from any task. */
public interface MachineService extends Service {
    List<MachineSummary> machines();

    /** Serial of the list of machines in force; 0 when there is none. */
    long listSerial();

    /** What answers questions about single machines over the control socket. */
    ControlSocket.Handler desk();

    /**
     * A machine in status and inventory.
     *
     * @param name of one that was refused the name of its folder
     * @param loadError why it does not run; empty when it does
     * @param manifestName name in its manifest; empty when that cannot be read
     */
    record MachineSummary(
            String name, String version, String state, String directory, String loadError, String manifestName) {
        /** A machine that bears the name in its manifest. */
        public MachineSummary(String name, String version, String state, String directory, String loadError) {
            this(name, version, state, directory, loadError, name);
        }
    }
}
