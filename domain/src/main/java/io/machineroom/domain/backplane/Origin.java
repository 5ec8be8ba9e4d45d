package io.machineroom.domain.backplane;

/**
 * Who sent something, read from the subject or the session and never from a body.
 *
 * @param customer customer name
 * @param site site name, empty when none
 * @param identity node identity
 * @param nodeKey the node's NATS user nkey, {@code U…}
 */
public record Origin(String customer, String site, String identity, String nodeKey) {}
