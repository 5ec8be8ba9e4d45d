package io.machineroom.domain.replication.relay;

import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;

/**
 * What a build has to have for its leaders to open a gateway.
 *
 * @param upstream to the gateway of the SaaS
 * @param artifactBytes bound of the artifacts kept on disk together
 */
public record SiteWeb(Gateway gateway, TlsContexts tls, Upstream upstream, Signatures signatures, long artifactBytes) {}
