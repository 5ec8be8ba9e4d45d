package io.machineroom.domain.deployment;

import io.machineroom.ports.artifact.ArtifactStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The artifacts of a follower: what a list names at the SaaS's gateway is fetched from the gateway of the site's leader, which gets it
 * over the line once. Anything else is fetched from where it is. Safe from any task.
 */
public final class SiteArtifacts implements ArtifactStore {
    private static final String PATH = "/v1/artifacts/";

    private final ArtifactStore store;
    private final List<URI> saas;
    private final URI leader;

    private SiteArtifacts(ArtifactStore store, List<URI> saas, URI leader) {
        this.store = store;
        this.saas = List.copyOf(saas);
        this.leader = leader;
    }

    /**
     * The store as a node uses it.
     *
     * @param saas gateways of the SaaS that the leader stands for; empty for a node without a leader
     * @param leader the leader's gateway
     */
    public static ArtifactStore of(ArtifactStore store, List<URI> saas, Optional<URI> leader) {
        return saas.isEmpty() || leader.isEmpty() ? store : new SiteArtifacts(store, saas, leader.get());
    }

    @Override
    public long fetch(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException {
        boolean kept = source.getRawPath() != null
                && source.getRawPath().startsWith(PATH)
                && saas.stream().anyMatch(gateway -> origin(gateway).equals(origin(source)));
        URI from = kept ? leader.resolve(source.getRawPath()) : source;
        return store.fetch(from, credentials, maxBytes, into, timeout);
    }

    private static String origin(URI url) {
        int port = url.getPort() < 0 ? 443 : url.getPort();
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        return url.getScheme() + "://" + host + ":" + port;
    }
}
