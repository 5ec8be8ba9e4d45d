package io.machineroom.domain.deployment;

import io.machineroom.ports.security.VerifyKey;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * What governs deployment over the air.
 *
 * @param key the vendor's machine signing key; without one nothing is deployed
 * @param customer customer of this node, from its enrolment
 * @param site site of this node, may be empty
 * @param lowestSerial lowest acceptable serial, from the enrolment; with one, lists without meta are refused
 * @param newestSigned newest signed time seen elsewhere, Unix seconds; safe from any task
 * @param checkInterval time between checks of deployed files, {@code plugins.check_interval}
 * @param splay a new version is downloaded after a random part of this, so that nodes do not ask at once
 * @param probation how long a new version may take to run, {@code plugins.probation}
 * @param limits bounds of archives
 */
public record DeployerSettings(
        Optional<VerifyKey.Ed25519> key,
        String customer,
        String site,
        OptionalLong lowestSerial,
        LongSupplier newestSigned,
        Duration checkInterval,
        Duration splay,
        Duration probation,
        ArchiveLimits limits) {}
