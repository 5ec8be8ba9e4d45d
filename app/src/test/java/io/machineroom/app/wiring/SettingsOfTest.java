package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigKey;
import io.machineroom.app.config.ConfigKeys;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.domain.agent.AgentSettings;
import io.machineroom.domain.agent.RegisteredFile;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every line of a real configuration file reaches the part that it is for. */
final class SettingsOfTest {
    private static final String KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    /** What is made of them is not a settings record; beside it, who looks. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("spool.provider", "SpoolProviderIT"),
            Map.entry("event.encoding", "AgentAssemblyTest"),
            Map.entry("metrics.port", "MetricsPortTest"),
            Map.entry("link.https_proxy", "ProxyFromConfigTest"),
            Map.entry("link.no_proxy", "ProxyFromConfigTest"),
            Map.entry("link.https_proxy_credentials", "ProxyFromConfigTest"),
            Map.entry("site.artifacts.max_bytes", "AgentAssemblyTest"),
            Map.entry("log.level", "LoggingTest"),
            Map.entry("log.format", "LoggingTest"),
            Map.entry("log.file", "LoggingTest"),
            // enrolled, and read from there
            Map.entry("machine_room.site", "SiteTest"),
            Map.entry("machine_room.role", "SiteTest"),
            Map.entry("machine_room.source.host", "SiteTest"));

    private static final Set<String> HEX = Set.of("vendor.issuer_key", "vendor.signing_key");

    @TempDir
    private Path folder;

    private final AgentOptions options = PlainBuild.options();

    private Config config(String... lines) throws IOException {
        Path file = folder.resolve("agent.cfg");
        Files.writeString(file, String.join("\n", lines));
        return new ConfigSource(new ConfigLoader(Map.of(), Map.of()), file).base();
    }

    private Config provisioned(ConfigKey key, String value) {
        return new ConfigSource(new ConfigLoader(Map.of(), Map.of()), folder.resolve("none.cfg"))
                .with(Map.of(key.name(), value));
    }

    private static Enrolment enrolment() {
        return new Enrolment(
                "n1",
                VerifyKey.hex(KEY),
                "UNODE",
                "acme",
                "berlin",
                Secret.of("c"),
                Map.of(),
                VerifyKey.hex(KEY),
                7,
                Secret.of(""),
                List.of(),
                List.of(),
                List.of(),
                1,
                Optional.empty());
    }

    /** All that a configuration becomes, as text; folders by their path. */
    private String all(Config config) {
        List<Path> folders = new ArrayList<>();
        List<Object> made = new ArrayList<>(List.of(
                SettingsOf.agent(options, config),
                SettingsOf.site(config),
                SettingsOf.spool(config),
                SettingsOf.submissions(config, path -> seen(path, folders)),
                SettingsOf.registrationFile(config, path -> seen(path, folders)),
                SettingsOf.machines(options, enrolment(), config),
                SettingsOf.checkFiles(config),
                SettingsOf.textfiles(config),
                SettingsOf.sourceGateways(config),
                SettingsOf.signingKey(options, config),
                DomainModule.authorities(config),
                config.controlSocket()));
        made.addAll(folders);
        return made.toString().replaceAll("(\\$\\$Lambda|@)[^,)\\]]*", "");
    }

    private static FileTree seen(Path path, List<Path> folders) {
        folders.add(path);
        return new LocalFileTree(path);
    }

    private static Stream<ConfigKey> keys() {
        return ConfigKeys.ALL.stream().filter(key -> !ELSEWHERE.containsKey(key.name()));
    }

    private static String other(ConfigKey key) {
        return switch (key.kind()) {
            case DURATION, BYTES, WHOLE -> key.most().equals(key.fallback()) ? key.least() : key.most();
            case CHOICE ->
                ConfigKeys.choices(key).stream()
                        .filter(choice -> !choice.equals(key.fallback()))
                        .findFirst()
                        .orElseThrow();
            case BOOL -> key.fallback().equals("true") ? "false" : "true";
            case PATH -> "elsewhere/file";
            case TEXT -> HEX.contains(key.name()) ? KEY : text(key.name());
        };
    }

    private static String text(String key) {
        return switch (key) {
            case "link.max_rate" -> "64KiB";
            case "site.listen" -> "10.0.0.9";
            case "machine_room.source.gateways" -> "https://saas.example:8443";
            default -> "something";
        };
    }

    @ParameterizedTest
    @MethodSource("keys")
    void hasAnEffect(ConfigKey key) throws IOException {
        String plain = all(config(key.name().equals("registration.file_form") ? "registration.file=f.json" : ""));
        boolean file = key.setters().contains(ConfigKey.Setter.OPERATOR);
        Config other = file
                ? config(
                        key.name().equals("registration.file_form") ? "registration.file=f.json" : "",
                        key.name() + "=" + other(key))
                : provisioned(key, other(key));
        assertNotEquals(plain, all(other).replace("none.cfg", "agent.cfg"), key.name());
    }

    /** Without it the one above would find an effect everywhere. */
    @Test
    void theSameFileBecomesTheSame() throws IOException {
        assertEquals(all(config("")), all(config("# nothing")));
        assertFalse(all(config("")).contains("Lambda"));
    }

    @Test
    void theFileThatIsRegistered() throws IOException {
        List<Path> folders = new ArrayList<>();
        assertTrue(SettingsOf.registrationFile(config(""), path -> seen(path, folders))
                .isEmpty());
        assertTrue(SettingsOf.registrationFile(config("registration.file="), path -> seen(path, folders))
                .isEmpty());
        RegisteredFile.Place gzip = SettingsOf.registrationFile(
                        config("registration.file = data/own.json"), path -> seen(path, folders))
                .orElseThrow();
        assertEquals("own.json", gzip.name());
        assertTrue(gzip.compressed());
        assertEquals(List.of(folder.resolve("data")), folders);
        RegisteredFile.Place plain = SettingsOf.registrationFile(
                        config("registration.file=/srv/own.json", "registration.file_form=plain"),
                        path -> seen(path, folders))
                .orElseThrow();
        assertFalse(plain.compressed());
        assertEquals(Path.of("/srv"), folders.getLast());
    }

    @Test
    void intervalsAndTheLine() throws IOException {
        AgentSettings made = SettingsOf.agent(
                options,
                config(
                        "facts.interval=2m",
                        "registration.interval=3m",
                        "registration.check_interval=4s",
                        "alive.interval=5m",
                        "status.interval=6s",
                        "site.news_interval=13s",
                        "link.failover_after=7s",
                        "link.probe_interval=8s",
                        "link.reconnect_spread=9s",
                        "link.stall_after=10s",
                        "link.order=https-only",
                        "link.connect_timeout=11s",
                        "stop.deadline=12s"));
        assertEquals(
                new AgentSettings.Intervals(
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(3),
                        Duration.ofSeconds(4),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(13)),
                made.intervals());
        assertEquals(Duration.ofSeconds(7), made.link().failoverAfter());
        assertEquals(Duration.ofSeconds(8), made.link().probeInterval());
        assertEquals(Duration.ofSeconds(9), made.link().reconnectSpread());
        assertEquals(Duration.ofSeconds(10), made.pump().stallAfter());
        assertTrue(made.httpsOnly());
        assertEquals(Duration.ofSeconds(11), made.enrolment().connectTimeout());
        assertEquals(Duration.ofSeconds(12), made.stopDeadline());
    }

    @Test
    void lanesOfTheSpool() throws IOException {
        SpoolProvider.Settings spool = SettingsOf.spool(config(
                "spool.max_bytes=2MiB",
                "spool.max_records=300",
                "spool.durability=each-append",
                "spool.bulk.max_bytes=1MiB",
                "spool.bulk.max_records=100",
                "spool.bulk.max_age=1h",
                "spool.bulk.overflow=drop-oldest"));
        assertEquals(SpoolProvider.Durability.EACH_APPEND, spool.durability());
        assertEquals(2 << 20, spool.bounds().maxBytes());
        assertEquals(300, spool.bounds().maxRecords());
        assertEquals(
                new LaneLimits(1 << 20, 100, Duration.ofHours(1), LaneLimits.Overflow.DROP_OLDEST),
                spool.bounds().lanes().get(Lane.BULK));
        assertEquals(
                new LaneLimits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO, LaneLimits.Overflow.REFUSE),
                spool.bounds().lanes().get(Lane.NORMAL));
    }

    @Test
    void whatIsLookedAtElsewhereIsASetting() {
        ELSEWHERE.keySet().forEach(name -> assertTrue(ConfigKeys.find(name).isPresent(), name));
    }
}
