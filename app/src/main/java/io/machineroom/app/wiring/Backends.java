package io.machineroom.app.wiring;

import io.machineroom.domain.replication.SiteMeans;
import io.machineroom.domain.replication.SiteSettings;
import io.machineroom.domain.replication.relay.SiteWeb;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.CertificateIssuer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * What an agent's settings choose from.
 *
 * @param trees the files below a directory
 * @param site empty in a build without NATS
 */
record Backends(SpoolProviders spools, List<EventFormat> formats, Function<Path, FileTree> trees, Optional<Site> site) {
    Backends {
        formats = List.copyOf(formats);
    }

    /**
     * What the leader of a site needs.
     *
     * @param certificates slow to load, so only when asked for
     * @param web how to open a gateway, given the bound of artifacts; empty in a build without HTTPS
     */
    record Site(
            Broker broker,
            Supplier<CertificateIssuer> certificates,
            Function<Path, FileTree> trees,
            Optional<LongFunction<SiteWeb>> web) {
        SiteMeans means(SiteSettings settings, long artifactBytes) {
            return new SiteMeans(
                    broker,
                    certificates,
                    trees.apply(settings.directory()),
                    settings,
                    web.map(with -> with.apply(artifactBytes)));
        }
    }
}
