package io.machineroom.app.wiring;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.RateText;
import io.machineroom.domain.agent.AgentSettings;
import io.machineroom.domain.agent.RegisteredFile;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.DeployerSettings;
import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.flow.RateSchedule;
import io.machineroom.domain.machine.HostSettings;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.EnrolmentSettings;
import io.machineroom.domain.replication.SiteSettings;
import io.machineroom.domain.spooling.OutboxSettings;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.domain.spooling.submission.SubmissionSettings;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.domain.watcher.CheckFiles;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Configuration to the settings records that each part of the domain owns. */
final class SettingsOf {
    private SettingsOf() {}

    static AgentSettings agent(AgentOptions options, Config config) {
        return new AgentSettings(
                paths(config),
                intervals(config),
                enrolment(options, config),
                new LinkSettings(
                        config.duration("link.failover_after"),
                        config.duration("link.probe_interval"),
                        config.duration("link.reconnect_spread")),
                config.choice("link.order").equals("https-only"),
                PumpSettings.defaults()
                        .withStallAfter(config.duration("link.stall_after"))
                        .withRate(rate(config)),
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
                config.path("metrics.file", storage.resolve("metrics.prom")),
                submissionDirectory(config));
    }

    private static RateSchedule rate(Config config) {
        return new RateSchedule(config.text("link.max_rate").map(RateText::read).orElse(List.of()).stream()
                .map(part -> new RateSchedule.Window(part.from(), part.to(), part.bytesPerSecond()))
                .toList());
    }

    static SiteSettings site(Config config) {
        return new SiteSettings(
                config.path("site.directory", config.storage().resolve("site")),
                config.text("site.listen").orElse(SiteSettings.DEFAULT_LISTEN),
                config.bytes("site.intake_bytes"),
                config.text("site.config_prefix").orElse(""),
                rate(config),
                config.text("site.broker.program").map(_ -> config.path("site.broker.program")));
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
                bounds(config),
                Math.toIntExact(config.bytes("spool.max_message")),
                config.bytes("spool.reserve"),
                switch (config.choice("spool.durability")) {
                    case "each-append" -> SpoolProvider.Durability.EACH_APPEND;
                    case "operating-system" -> SpoolProvider.Durability.OPERATING_SYSTEM;
                    default -> SpoolProvider.Durability.EACH_BATCH;
                });
    }

    private static SpoolBounds bounds(Config config) {
        Map<Lane, LaneLimits> lanes = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            String name = "spool." + lane.wireName();
            lanes.put(
                    lane,
                    new LaneLimits(
                            unbounded(config.bytes(name + ".max_bytes")),
                            unbounded(config.whole(name + ".max_records")),
                            config.duration(name + ".max_age"),
                            switch (config.choice(name + ".overflow")) {
                                case "drop-oldest" -> LaneLimits.Overflow.DROP_OLDEST;
                                case "drop-newest" -> LaneLimits.Overflow.DROP_NEWEST;
                                default -> LaneLimits.Overflow.REFUSE;
                            }));
        }
        return new SpoolBounds(config.bytes("spool.max_bytes"), config.whole("spool.max_records"), lanes);
    }

    static SubmissionPlace submissions(Config config, Function<Path, FileTree> trees) {
        return new SubmissionPlace(
                trees.apply(submissionDirectory(config)),
                new SubmissionSettings(
                        Math.toIntExact(config.whole("submission.max_messages")),
                        Math.toIntExact(config.bytes("submission.max_bytes"))));
    }

    static Optional<RegisteredFile.Place> registrationFile(Config config, Function<Path, FileTree> trees) {
        return config.text("registration.file").filter(set -> !set.isEmpty()).map(set -> {
            Path file = config.path("registration.file");
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
            boolean compressed = config.choice("registration.file_form").equals("gzip");
            return new RegisteredFile.Place(trees.apply(folder), String.valueOf(file.getFileName()), compressed);
        });
    }

    static HostSettings machines(AgentOptions options, Enrolment enrolment, Config config) {
        DeployerSettings deployment = new DeployerSettings(
                signingKey(options, config),
                enrolment.customer(),
                enrolment.site(),
                OptionalLong.of(enrolment.listSerial()),
                enrolment::issued,
                config.duration("plugins.check_interval"),
                config.duration("plugins.splay"),
                config.duration("plugins.probation"),
                new ArchiveLimits(
                        config.bytes("plugins.max_archive"),
                        config.bytes("plugins.max_unpacked"),
                        Math.toIntExact(config.whole("plugins.max_files")),
                        ArchiveLimits.defaults().timeout()));
        return new HostSettings(
                config.duration("machines.scan_interval"),
                config.duration("machines.poll_interval"),
                deployment,
                Math.toIntExact(config.whole("machines.max")),
                Math.toIntExact(config.whole("machines.max_commands")));
    }

    static CheckFiles checkFiles(Config config) {
        return new CheckFiles(
                config.path("machines.overrides"), paths(config).statusFile(), config.duration("status.interval"));
    }

    /** Where node exporter reads; empty when it is not to. */
    static Optional<Path> textfiles(Config config) {
        return config.text("metrics.textfile_directory").map(_ -> config.path("metrics.textfile_directory"));
    }

    /** The SaaS's gateways as its leader tells a follower. */
    static List<URI> sourceGateways(Config config) {
        return config.text("machine_room.source.gateways").stream()
                .flatMap(all -> Arrays.stream(all.split(",")))
                .map(URI::create)
                .toList();
    }

    private static Path submissionDirectory(Config config) {
        return config.path("submission.directory", config.storage().resolve("submission"));
    }

    private static long unbounded(long value) {
        return value == 0 ? Long.MAX_VALUE : value;
    }

    private static AgentSettings.Intervals intervals(Config config) {
        return new AgentSettings.Intervals(
                config.duration("facts.interval"),
                config.duration("registration.interval"),
                config.duration("registration.check_interval"),
                config.duration("alive.interval"),
                config.duration("status.interval"),
                config.duration("site.news_interval"));
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
