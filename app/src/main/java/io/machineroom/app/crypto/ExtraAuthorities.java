package io.machineroom.app.crypto;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Authorities of the operator's own, trusted besides the system's where nothing is pinned.
 *
 * @param file PEM file of their certificates; read for each context
 */
public record ExtraAuthorities(Optional<Path> file) {
    public static ExtraAuthorities none() {
        return new ExtraAuthorities(Optional.empty());
    }
}
