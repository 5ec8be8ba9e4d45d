package io.machineroom.ports.transport;

import java.util.Optional;

/**
 * Tells which HTTPS gateway the present enrolment belongs to, so that an artifact of that gateway can be
 * fetched with the node's session while another transport is in use.
 */
public interface CurrentEndpoint {
    /** The gateway of the enrolment; empty before enrolment and where there is none. Never blocks. */
    Optional<Endpoint> https();
}
