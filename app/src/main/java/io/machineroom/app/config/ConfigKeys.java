package io.machineroom.app.config;

import static io.machineroom.app.config.ConfigKey.Setter.OPERATOR;
import static io.machineroom.app.config.ConfigKey.Setter.SAAS;
import static io.machineroom.app.config.ConfigKey.Setter.VENDOR;

import io.machineroom.app.config.ConfigKey.Kind;
import io.machineroom.app.config.ConfigKey.Setter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The table of settings; {@code docs/configuration.md} is printed from it. */
public final class ConfigKeys {
    private static final Set<Setter> LOCAL = Set.of(OPERATOR);
    private static final Set<Setter> TUNED = Set.of(SAAS, OPERATOR);
    private static final Set<Setter> BUILT = Set.of(VENDOR, OPERATOR);

    /** Has a form of its own. */
    static final String HTTPS_PROXY = "link.https_proxy";

    static final String NO_PROXY = "link.no_proxy";

    static final String MAX_RATE = "link.max_rate";

    private static final List<ConfigKey> SINGLE = List.of(
            key("identity", Kind.TEXT, "", TUNED, "Name of the node; the host name when unset."),
            key(
                    "vendor.issuer_key",
                    Kind.TEXT,
                    "",
                    BUILT,
                    "Public key of the vendor's organisation, 64 hex digits; " + "only when the build has none."),
            key(
                    "vendor.signing_key",
                    Kind.TEXT,
                    "",
                    BUILT,
                    "Public key that signs lists of machines, 64 hex digits; "
                            + "only when the build has none. Without it nothing is deployed over the air."),
            key("machine_room.site", Kind.TEXT, "", Set.of(SAAS), "Site of the node, as enrolled."),
            key("machine_room.role", Kind.CHOICE, "follower", Set.of(SAAS), "Role of the node: leader or follower."),
            key(
                    "machine_room.source.host",
                    Kind.TEXT,
                    "",
                    TUNED,
                    "Whom the node speaks to: the leader of its site, or the SaaS. Read by tools of Choria; for the agent its"
                            + " enrolment counts."),
            key(
                    "machine_room.source.gateways",
                    Kind.TEXT,
                    "",
                    Set.of(SAAS),
                    "Follower: gateways of the SaaS whose artifacts its leader keeps, as URLs with commas between them."),
            path("storage.directory", "state", "Folder of spool, status, metrics, downloads and the control socket."),
            path("machines.directory", "machines", "Machine store: one folder a machine."),
            path("machines.overrides", "overrides.json", "Values for checks of nagios watchers by machine name, JSON."),
            path("facts.file", "instance.json", "Where the facts are written, mode 0600."),
            path("provisioning.token_file", "provisioning.jwt", "The vendor's provisioning token."),
            path(
                    "status.file",
                    "",
                    "Where the status is written, mode 0644; status.json in the storage folder when unset."),
            path("metrics.file", "", "Prometheus text file; metrics.prom in the storage folder when unset."),
            path(
                    "metrics.textfile_directory",
                    "",
                    "Folder of Prometheus' node exporter for what metric and nagios watchers measure; it must be there."),
            path(
                    "control.socket",
                    "",
                    "Local control socket, mode 0600; control.sock in the storage folder when unset."),
            whole("metrics.port", "0", "0", "65535", LOCAL, "Loopback port of /metrics and /health; 0 is off."),
            key(
                    "spool.provider",
                    Kind.TEXT,
                    "",
                    BUILT,
                    "Name of the spool backend; needed for one whose jar was put into lib/."),
            path("spool.directory", "", "Folder of the spool; spool in the storage folder when unset."),
            bytes("spool.max_bytes", "1GiB", "1MiB", "1TiB", "Bound of undelivered events on disk."),
            whole("spool.max_records", "5000000", "100", "1000000000", TUNED, "Bound of undelivered events in number."),
            bytes("spool.max_message", "1MiB", "1KiB", "1MiB", "Largest event."),
            bytes(
                    "spool.reserve",
                    "64MiB",
                    "0",
                    "1TiB",
                    "Disk space that stays free; below it the spool takes no events."),
            key(
                    "spool.durability",
                    Kind.CHOICE,
                    "each-batch",
                    LOCAL,
                    "When an event counts as accepted: each-append, " + "each-batch or operating-system."),
            key(
                    "event.encoding",
                    Kind.CHOICE,
                    "protobuf",
                    Set.of(VENDOR, SAAS, OPERATOR),
                    "Encoding of CloudEvents: " + "protobuf or json."),
            path(
                    "submission.directory",
                    "",
                    "Folder in which other programs leave messages; submission in the storage folder when unset."),
            whole(
                    "submission.max_messages",
                    "5000",
                    "1",
                    "1000000",
                    TUNED,
                    "Messages that submit leaves waiting there, for each priority; one more fits."),
            bytes(
                    "submission.max_bytes",
                    "512KiB",
                    "1KiB",
                    "700KiB",
                    "Largest submitted message, payload and headers together."),
            duration("facts.interval", "10m", "1m", "24h", "Time between gatherings of facts."),
            duration(
                    "registration.interval",
                    "5m",
                    "1s",
                    "24h",
                    "Time between inventory documents when nothing changes."),
            duration(
                    "registration.check_interval",
                    "30s",
                    "1s",
                    "1h",
                    "Time between looks whether the inventory changed; one that did is sent at once."),
            path("registration.file", "", "A file that goes out beside the inventory; none when unset."),
            key("registration.file_form", Kind.CHOICE, "gzip", BUILT, "Form of its content: gzip or plain."),
            duration("alive.interval", "30m", "1s", "24h", "Time between alive events."),
            duration("status.interval", "30s", "1s", "1h", "Time between writings of the status file."),
            duration("link.connect_timeout", "5s", "100ms", "2m", "Limit of TCP, TLS and authentication together."),
            duration("link.failover_after", "5s", "0s", "10m", "How long NATS must fail before HTTPS takes over."),
            duration("link.probe_interval", "15s", "1s", "1h", "How often NATS is tried again while HTTPS is in use."),
            duration(
                    "link.reconnect_spread",
                    "2s",
                    "0s",
                    "10m",
                    "A lost link is made anew after a random part of this; a second for each 500 nodes of a broker."),
            duration(
                    "link.stall_after",
                    "60s",
                    "2s",
                    "15m",
                    "How long receipts may stand still before the pump goes back."),
            key(
                    MAX_RATE,
                    Kind.TEXT,
                    "",
                    TUNED,
                    "Most bytes a second that this node sends up: 64KiB, or by local time 08:00-18:00 64KiB, 18:00-08:00 1MiB; the"
                            + " first window that holds counts. At least 1KiB; without a bound when unset."),
            key("link.order", Kind.CHOICE, "nats-first", TUNED, "Which way is preferred: nats-first or https-only."),
            key(
                    HTTPS_PROXY,
                    Kind.TEXT,
                    "",
                    BUILT,
                    "HTTP proxy through which all HTTPS leaves, http://host:port; the Java platform's settings when unset."),
            key(
                    NO_PROXY,
                    Kind.TEXT,
                    "",
                    BUILT,
                    "Servers that are reached without link.https_proxy, comma separated: host (and what is below it), .suffix,"
                            + " address, network such as 10.0.0.0/8, host:port, or * for all."),
            path(
                    "link.https_proxy_credentials",
                    "",
                    "File with one line user:password for the proxy; readable by the agent's user only, mode 0600."),
            path(
                    "link.ca_file",
                    "",
                    "PEM file of authorities that are trusted besides the system's where an enrolment pins none."),
            duration("machines.scan_interval", "10s", "100ms", "10m", "Time between looks at the machine store."),
            duration(
                    "machines.poll_interval",
                    "30s",
                    "2s",
                    "1h",
                    "Time between looks at the list of machines; changes " + "over NATS arrive at once."),
            whole("machines.max", "1000", "1", "10000", TUNED, "Most machines; further ones are rejected."),
            whole("machines.max_commands", "32", "1", "1000", TUNED, "Commands of machines at once; more wait."),
            duration("plugins.check_interval", "2m", "1s", "24h", "Time between checks of deployed files."),
            duration(
                    "plugins.splay",
                    "5s",
                    "0s",
                    "1h",
                    "A new version is downloaded after a random part of this, so that not all nodes ask at once."),
            duration(
                    "plugins.probation",
                    "30s",
                    "0s",
                    "1h",
                    "How long a new version is watched before the old one may go."),
            bytes("plugins.max_archive", "256MiB", "1KiB", "16GiB", "Largest archive."),
            bytes("plugins.max_unpacked", "1GiB", "1KiB", "64GiB", "Largest unpacked archive."),
            whole("plugins.max_files", "10000", "1", "1000000", TUNED, "Most files in an archive."),
            duration(
                    "site.news_interval",
                    "200s",
                    "1s",
                    "1h",
                    "Node of a site: how often it looks whether its site was changed, half to one and a half of this."),
            path("site.directory", "", "Leader: folder of the site's broker; site in the storage folder when unset."),
            key("site.listen", Kind.TEXT, "0.0.0.0", TUNED, "Leader: address that the site's broker listens on."),
            bytes(
                    "site.intake_bytes",
                    "1GiB",
                    "1MiB",
                    "1TiB",
                    "Leader: bound of the site's events on disk; a full site refuses, and nodes keep theirs."),
            path("site.broker.program", "", "Leader: the nats-server program; looked for on PATH when unset."),
            key(
                    "site.config_prefix",
                    Kind.TEXT,
                    "",
                    TUNED,
                    "Leader: only keys of CONFIG below this name are copied to the site, without it and its dot."),
            bytes(
                    "site.artifacts.max_bytes",
                    "10GiB",
                    "1MiB",
                    "16TiB",
                    "Leader: bound of the artifacts kept on disk for followers."),
            duration("stop.deadline", "10s", "1s", "5m", "How long a stop may take before it is cut short."),
            key("log.level", Kind.CHOICE, "info", Set.of(VENDOR, SAAS, OPERATOR), "debug, info, warn or error."),
            key("log.format", Kind.CHOICE, "text", BUILT, "text or json."),
            path("log.file", "", "Log file, rotated at 10 MiB, five kept; the console when unset."));

    /** Keys in the order of the documentation. */
    public static final List<ConfigKey> ALL =
            Stream.concat(SINGLE.stream(), LaneKeys.all().stream()).toList();

    private ConfigKeys() {}

    /** The key of a name. */
    public static Optional<ConfigKey> find(String name) {
        return ALL.stream().filter(k -> k.name().equals(name)).findFirst();
    }

    /** Words that a choice may be. */
    public static List<String> choices(ConfigKey key) {
        return switch (key.name()) {
            case "spool.durability" -> List.of("each-append", "each-batch", "operating-system");
            case "registration.file_form" -> List.of("gzip", "plain");
            case "event.encoding" -> List.of("protobuf", "json");
            case "link.order" -> List.of("nats-first", "https-only");
            case "log.level" -> List.of("debug", "info", "warn", "error");
            case "log.format" -> List.of("text", "json");
            case "machine_room.role" -> List.of("leader", "follower");
            default -> key.name().endsWith(LaneKeys.OVERFLOW) ? LaneKeys.POLICIES : List.of();
        };
    }

    private static ConfigKey key(String name, Kind kind, String fallback, Set<Setter> who, String sentence) {
        return new ConfigKey(name, kind, fallback, "", "", who, sentence);
    }

    private static ConfigKey path(String name, String fallback, String sentence) {
        return new ConfigKey(name, Kind.PATH, fallback, "", "", BUILT, sentence);
    }

    private static ConfigKey duration(String name, String fallback, String least, String most, String sentence) {
        return new ConfigKey(name, Kind.DURATION, fallback, least, most, Set.of(VENDOR, SAAS, OPERATOR), sentence);
    }

    private static ConfigKey bytes(String name, String fallback, String least, String most, String sentence) {
        return new ConfigKey(name, Kind.BYTES, fallback, least, most, TUNED, sentence);
    }

    private static ConfigKey whole(
            String name, String fallback, String least, String most, Set<Setter> who, String sentence) {
        return new ConfigKey(name, Kind.WHOLE, fallback, least, most, who, sentence);
    }
}
