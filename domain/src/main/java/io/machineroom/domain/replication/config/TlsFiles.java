package io.machineroom.domain.replication.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files of a connection.
 *
 * @param ca whom to trust; empty: the system's authorities
 * @param certificate our own; empty: none
 * @param key its key
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    /** Whether it names any file. */
    public boolean isSet() {
        return ca.isPresent() || certificate.isPresent() || key.isPresent();
    }
}
