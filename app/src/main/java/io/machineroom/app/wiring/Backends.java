package io.machineroom.app.wiring;

import io.machineroom.domain.replication.SiteMeans;
import io.machineroom.domain.replication.SiteSettings;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.CertificateIssuer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What an agent's settings choose from. */
record Backends(SpoolProviders spools, List<EventFormat> formats, Site site) {
    Backends {
        formats = List.copyOf(formats);
    }

    /**
     * What the leader of a site needs.
     *
     * @param certificates slow to load, so only when asked for
     */
    record Site(Broker broker, Supplier<CertificateIssuer> certificates, Function<Path, FileTree> trees) {
        SiteMeans means(SiteSettings settings) {
            return new SiteMeans(broker, certificates, trees.apply(settings.directory()), settings);
        }
    }
}
