package io.machineroom.domain.replication.config;

/**
 * Where advisories about senders go.
 *
 * @param subject with {@code %s} for the event and {@code %v} for the sender
 * @param reliable whether a stream has to acknowledge them
 */
public record Advising(String subject, boolean reliable) {}
