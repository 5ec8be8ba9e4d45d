package io.machineroom.domain.replication;

import io.machineroom.domain.replication.relay.SiteWeb;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.CertificateIssuer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What only the leader of a site needs of the machine underneath.
 *
 * @param certificates made when it is first needed: it is slow to load
 * @param files the site's directory
 * @param web how to open a gateway; empty for a site without one
 */
public record SiteMeans(
        Broker broker,
        Supplier<CertificateIssuer> certificates,
        FileTree files,
        SiteSettings settings,
        Optional<SiteWeb> web) {}
