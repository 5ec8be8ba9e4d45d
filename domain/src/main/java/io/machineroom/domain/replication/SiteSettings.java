package io.machineroom.domain.replication;

import io.machineroom.domain.flow.RateSchedule;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the leader of a site.
 *
 * @param directory where broker, certificate and evidence lie; absolute
 * @param listen address that the broker listens on; default all
 * @param intakeBytes bound of the site's events on disk; 1 MiB to 1 TiB, default 1 GiB
 * @param configPrefix only keys of {@code CONFIG} below this name are copied, without it and its dot; empty for all
 * @param rate most bytes a second towards the SaaS by the time of the day
 * @param program the broker's program; empty to look for it
 */
public record SiteSettings(
        Path directory,
        String listen,
        long intakeBytes,
        String configPrefix,
        RateSchedule rate,
        Optional<Path> program) {
    public static final String DEFAULT_LISTEN = "0.0.0.0";
}
