package io.machineroom.domain.replication.relay;

import java.nio.file.Path;

/**
 * How a leader's gateway serves.
 *
 * @param customer customer of the leader's enrolment
 * @param site site of the leader's enrolment
 * @param host address to listen on
 * @param port port to listen on; 0 picks a free one
 * @param maxRequests requests at once, followers that wait included
 * @param chain PEM file: the site's certificate, then the site CA
 * @param key PEM file: its private key
 * @param artifactBytes bound of the artifacts kept on disk together
 */
public record SiteGatewaySettings(
        String customer,
        String site,
        String host,
        int port,
        int maxRequests,
        Path chain,
        Path key,
        long artifactBytes) {
    /** Default of {@code maxRequests}. */
    public static final int MAX_REQUESTS = 1024;
    /** Default of {@code artifactBytes}, 10 GiB. */
    public static final long ARTIFACT_BYTES = 10L << 30;

    /** What answers to a session of this site say in {@code Mr-Site}. */
    String place() {
        return customer + "/" + site;
    }
}
