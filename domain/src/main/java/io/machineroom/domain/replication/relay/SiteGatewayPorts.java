package io.machineroom.domain.replication.relay;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;

/**
 * The ports that a leader's gateway needs.
 *
 * @param files the site's directory; artifacts lie in {@code artifacts/} of it
 */
public record SiteGatewayPorts(
        Gateway gateway,
        TlsContexts tls,
        Upstream upstream,
        FileTree files,
        Signatures signatures,
        JsonFormat json,
        Tasks tasks,
        TimeSource time,
        Meter meter) {}
