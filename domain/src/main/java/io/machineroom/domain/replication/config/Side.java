package io.machineroom.domain.replication.config;

import java.util.Optional;

/**
 * One end of a copy.
 *
 * @param urls as written, comma separated; empty when missing
 * @param tls the most specific that was given
 * @param choria the most specific that was given
 */
public record Side(String urls, Optional<TlsFiles> tls, Optional<ChoriaFiles> choria) {}
