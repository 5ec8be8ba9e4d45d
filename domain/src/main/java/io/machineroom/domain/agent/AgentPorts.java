package io.machineroom.domain.agent;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.transport.Transport;
import java.util.List;
import java.util.Optional;

/**
 * The ports that a node as a whole needs.
 *
 * @param config the directory of the {@code --config} file
 * @param storage the storage directory
 * @param hostFiles for files whose place the operator chose
 * @param keyring keys in the configuration directory
 * @param transports one a scheme; https at the least
 */
public record AgentPorts(
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        Meter meter,
        FileTree config,
        FileTree storage,
        HostFiles hostFiles,
        FactSource facts,
        Keyring keyring,
        Signatures signatures,
        JsonFormat json,
        List<Transport> transports) {
    public AgentPorts {
        transports = List.copyOf(transports);
        if (transports.stream().noneMatch(t -> t.schemes().contains("https"))) {
            throw new IllegalArgumentException("an agent needs a transport for https");
        }
    }

    /** The transport of a scheme; empty when the build has none. */
    Optional<Transport> transport(String scheme) {
        return transports.stream().filter(t -> t.schemes().contains(scheme)).findFirst();
    }
}
