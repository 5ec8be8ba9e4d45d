package io.machineroom.domain.provisioning;

import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.security.VerifyKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a node enrols.
 *
 * @param issuer the vendor's organisation issuer; without it nothing can be verified and nothing is enrolled
 * @param tokenFile the vendor's provisioning token; {@code provisioning.pins} is looked for beside it
 * @param identity name to ask for; empty for the host name
 * @param version the vendor's agent version, part of the inventory shown
 * @param connectTimeout for TCP and TLS; 100 ms to 2 min, default 5 s
 * @param optOuts facts that are not gathered
 */
public record EnrolmentSettings(
        Optional<VerifyKey.Ed25519> issuer,
        Path tokenFile,
        Optional<String> identity,
        String version,
        Duration connectTimeout,
        FactSource.OptOuts optOuts) {
    /** Where pins stand when the token has none that can be trusted. */
    public Path pinsFile() {
        return tokenFile.resolveSibling("provisioning.pins");
    }
}
