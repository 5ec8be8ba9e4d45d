package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The artifacts of a follower: what a list names at the SaaS's gateway is fetched from the gateway of one of the site's leaders, which
 * gets it over the line once. One that cannot be reached is passed over. Anything else is fetched from where it is. Safe from any
 * task.
 */
public final class SiteArtifacts implements ArtifactStore {
    private static final String PATH = "/v1/artifacts/";

    private final ArtifactStore store;
    private final List<URI> saas;
    private final List<URI> leaders;

    private SiteArtifacts(ArtifactStore store, List<URI> saas, List<URI> leaders) {
        this.store = store;
        this.saas = List.copyOf(saas);
        this.leaders = List.copyOf(leaders);
    }

    /**
     * The store as a node uses it.
     *
     * @param saas gateways of the SaaS that the leader stands for; empty for a node without a leader
     * @param leaders gateways of the site, in the order in which they are tried
     */
    public static ArtifactStore of(ArtifactStore store, List<URI> saas, List<URI> leaders) {
        return saas.isEmpty() || leaders.isEmpty() ? store : new SiteArtifacts(store, saas, leaders);
    }

    @Override
    public long fetch(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException {
        boolean kept = source.getRawPath() != null
                && source.getRawPath().startsWith(PATH)
                && saas.stream().anyMatch(gateway -> origin(gateway).equals(origin(source)));
        return kept
                ? fetchKept(source, credentials, maxBytes, into, timeout)
                : store.fetch(source, credentials, maxBytes, into, timeout);
    }

    /** What one began another may go on with: they send the same bytes. */
    private long fetchKept(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException {
        PortException.Unavailable away = null;
        for (URI leader : leaders) {
            try {
                return store.fetch(leader.resolve(source.getRawPath()), credentials, maxBytes, into, timeout);
            } catch (PortException.Unavailable e) {
                away = away == null ? e : away;
            }
        }
        throw away == null ? new PortException.Unavailable("artifact.unreachable", "the site has no gateway") : away;
    }

    private static String origin(URI url) {
        int port = url.getPort() < 0 ? 443 : url.getPort();
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        return url.getScheme() + "://" + host + ":" + port;
    }
}
