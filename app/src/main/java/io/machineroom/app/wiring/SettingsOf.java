package io.machineroom.app.wiring;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.domain.agent.AgentSettings;
import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.provisioning.EnrolmentSettings;
import io.machineroom.domain.spooling.OutboxSettings;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.spool.SpoolProvider;
import java.nio.file.Path;
import java.util.Optional;

/** Configuration to the settings records that each part of the domain owns. */
final class SettingsOf {
    private SettingsOf() {}

    static AgentSettings agent(AgentOptions options, Config config) {
        return new AgentSettings(
                paths(config),
                intervals(config),
                enrolment(options, config),
                new LinkSettings(config.duration("link.failover_after"), config.duration("link.probe_interval")),
                config.choice("link.order").equals("https-only"),
                PumpSettings.defaults().withStallAfter(config.duration("link.stall_after")),
                OutboxSettings.defaults(),
                SupervisorSettings.defaults(),
                config.duration("stop.deadline"));
    }

    static AgentSettings.Paths paths(Config config) {
        Path storage = config.storage();
        return new AgentSettings.Paths(
                config.file(),
                ConfigLoader.MANAGED_MARKER,
                storage,
                config.path("machines.directory"),
                config.path("facts.file"),
                config.path("status.file", storage.resolve("status.json")),
                config.path("metrics.file", storage.resolve("metrics.prom")));
    }

    static Optional<VerifyKey.Ed25519> issuer(AgentOptions options, Config config) {
        return options.issuer().or(() -> key(config, "vendor.issuer_key"));
    }

    static Optional<VerifyKey.Ed25519> signingKey(AgentOptions options, Config config) {
        return options.signingKey().or(() -> key(config, "vendor.signing_key"));
    }

    static SpoolProvider.Settings spool(Config config) {
        return new SpoolProvider.Settings(
                config.path("spool.directory", config.storage().resolve("spool")),
                config.bytes("spool.max_bytes"),
                config.whole("spool.max_records"),
                Math.toIntExact(config.bytes("spool.max_message")),
                config.bytes("spool.reserve"),
                switch (config.choice("spool.durability")) {
                    case "each-append" -> SpoolProvider.Durability.EACH_APPEND;
                    case "operating-system" -> SpoolProvider.Durability.OPERATING_SYSTEM;
                    default -> SpoolProvider.Durability.EACH_BATCH;
                });
    }

    private static AgentSettings.Intervals intervals(Config config) {
        return new AgentSettings.Intervals(
                config.duration("facts.interval"),
                config.duration("registration.interval"),
                config.duration("alive.interval"),
                config.duration("status.interval"));
    }

    private static EnrolmentSettings enrolment(AgentOptions options, Config config) {
        return new EnrolmentSettings(
                issuer(options, config),
                config.path("provisioning.token_file"),
                config.text("identity"),
                options.version(),
                config.duration("link.connect_timeout"),
                options.optOuts());
    }

    private static Optional<VerifyKey.Ed25519> key(Config config, String name) {
        return config.text(name).map(VerifyKey::hex);
    }
}
