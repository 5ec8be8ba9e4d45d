package io.machineroom.ports.transport;

import io.machineroom.ports.artifact.ArtifactStore;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;

/** How HTTPS leaves the network: through an HTTP proxy that is asked to connect ({@code CONNECT}). */
public interface HttpsProxy {
    /**
     * The proxy to use from now on; empty for the JDK's own settings. Safe from any task; reads a small file at most.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code proxy.credentials} when its password cannot be
     *     read, or could be read by others
     */
    Optional<Way> way();

    /**
     * A proxy.
     *
     * @param host name or address
     * @param port TCP port, 1 to 65,535
     * @param login what it demands; empty for nothing
     * @param spared says of a URL whether its server is reached without the proxy; pure, safe from any task
     */
    record Way(String host, int port, Optional<ArtifactStore.Login> login, Predicate<URI> spared) {
        /** One for all servers. */
        public Way(String host, int port, Optional<ArtifactStore.Login> login) {
            this(host, port, login, _ -> false);
        }
    }
}
