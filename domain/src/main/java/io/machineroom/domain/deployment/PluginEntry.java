package io.machineroom.domain.deployment;

import io.machineroom.ports.data.Secret;

/**
 * One entry of a list of plugins, checked (spec 6.2).
 *
 * @param name plugin, and top directory of its archive
 * @param source URL of the archive; a template
 * @param checksum SHA-256 hex of the archive
 * @param digest SHA-256 hex of its {@code SHA256SUMS}, {@code verify_checksum} in the list
 * @param username for HTTP basic authentication; empty for none
 * @param password for HTTP basic authentication
 * @param match condition for nodes; empty for all
 * @param governor limit of concurrent installations; empty for none
 */
public record PluginEntry(
        String name,
        String source,
        String checksum,
        String digest,
        String username,
        Secret password,
        String match,
        String governor) {}
