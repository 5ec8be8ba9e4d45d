package io.machineroom.ports.artifact;

import io.machineroom.ports.Port;
import io.machineroom.ports.data.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Brings a file from a URL. Safe from any task. */
@Port
public interface ArtifactStore {
    /**
     * Downloads into a file that may hold the beginning of an earlier try: then it asks for the rest and
     * begins anew when the server cannot or the file changed. At most five redirects, https to https;
     * credentials stay with their host. Blocks at most {@code timeout}.
     *
     * @param source an https URL (http only for loopback)
     * @param credentials user and password for the source's host, if any
     * @param maxBytes bound of the whole file
     * @param into file in an existing directory; kept after {@code Unavailable} so that it can resume
     * @return size of the file in bytes
     * @throws io.machineroom.ports.PortException.Unavailable {@code artifact.unreachable},
     *     {@code artifact.interrupted}, {@code artifact.status} for 5xx, 408 and 429
     * @throws io.machineroom.ports.PortException.Refused {@code artifact.too-large},
     *     {@code artifact.status} for other statuses, {@code artifact.url}, {@code artifact.redirect}
     */
    long fetch(URI source, Optional<Login> credentials, long maxBytes, Path into, Duration timeout)
            throws InterruptedException;

    /** HTTP basic authentication. */
    record Login(String user, Secret password) {}
}
