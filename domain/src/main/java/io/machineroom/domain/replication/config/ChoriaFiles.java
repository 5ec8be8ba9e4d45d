package io.machineroom.domain.replication.config;

import java.nio.file.Path;

/**
 * A Choria login.
 *
 * @param seed file with the ed25519 seed in hex
 * @param jwt file with the signed token
 * @param collective subject prefix of its network; empty when not said
 */
public record ChoriaFiles(Path seed, Path jwt, String collective) {}
