package io.machineroom.nats;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.transport.HostName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The text of a configuration file of {@code nats-server}. */
final class NatsServerConfig {
    /** Largest message with its headers, in bytes: bodies of 1 MiB and room for their headers. */
    static final int MAX_PAYLOAD = 2 * 1024 * 1024;

    private NatsServerConfig() {}

    /** Renders it; port 0 lets the server choose, which it writes to its ports file. */
    static String render(Broker.Spec spec, NatsServerVersion version) {
        StringBuilder out = new StringBuilder(4096);
        out.append("# written anew at each start\n");
        entry(
                out,
                "server_name",
                quoted(spec.membership().map(Broker.Membership::server).orElse("machine-room")));
        entry(out, "host", quoted(spec.host()));
        entry(out, "port", spec.port() == 0 ? "-1" : Integer.toString(spec.port()));
        entry(out, "ports_file_dir", quoted(spec.directory()));
        entry(out, "log_file", quoted(log(spec.directory())));
        entry(out, "logfile_size_limit", "10485760");
        entry(out, "max_payload", Integer.toString(MAX_PAYLOAD));
        entry(out, "max_control_line", Integer.toString(NatsConnector.MAX_CONTROL_LINE));
        entry(out, "write_deadline", quoted("10s"));
        out.append("tls {\n");
        certificate(out, "  ", spec);
        out.append("}\n");
        spec.membership().ifPresent(member -> cluster(out, spec, member));
        out.append("jetstream {\n");
        entry(out, "  store_dir", quoted(store(spec)));
        entry(out, "  max_memory_store", "67108864");
        if (version.knowsSyncInterval()) {
            // a power cut costs what came since: nodes send it again, which is work and no loss
            entry(out, "  sync_interval", quoted("10s"));
        }
        out.append("}\n");
        entry(out, "operator", quoted(spec.operatorJwt()));
        entry(out, "system_account", quoted(spec.systemAccountNkey()));
        // not MEMORY: an account more would need a reload, and a reload ends every connection in operator mode
        out.append("resolver {\n");
        entry(out, "  type", "full");
        entry(out, "  dir", quoted(accounts(spec.directory())));
        entry(out, "  allow_delete", "false");
        entry(out, "  limit", "1000");
        out.append("}\n");
        out.append("resolver_preload {\n");
        spec.accounts().forEach(a -> entry(out, "  " + a.nkey(), quoted(a.jwt())));
        out.append("}\n");
        return out.toString();
    }

    private static void certificate(StringBuilder out, String indent, Broker.Spec spec) {
        entry(out, indent + "cert_file", quoted(spec.certificateChain().toAbsolutePath()));
        entry(out, indent + "key_file", quoted(spec.privateKey().toAbsolutePath()));
        // many nodes come back at once: a handshake that waits its turn is better than one begun again
        entry(out, indent + "timeout", "15");
    }

    /** The others of a cluster; both ends of a route show a certificate, and who comes logs in besides. */
    private static void cluster(StringBuilder out, Broker.Spec spec, Broker.Membership member) {
        BrokerCluster cluster = member.cluster();
        out.append("cluster {\n");
        entry(out, "  name", quoted(cluster.name()));
        entry(out, "  host", quoted(spec.host()));
        entry(out, "  port", Integer.toString(cluster.routePort()));
        // clients know all three from their enrolment; what servers see of each other need not be reachable for them
        entry(out, "  no_advertise", "true");
        out.append("  authorization {\n");
        entry(out, "    user", quoted(cluster.user()));
        entry(out, "    password", cluster.password().useText(NatsServerConfig::quoted));
        entry(out, "    timeout", "15");
        out.append("  }\n  tls {\n");
        certificate(out, "    ", spec);
        entry(out, "    ca_file", quoted(member.ca().toAbsolutePath()));
        entry(out, "    verify", "true");
        out.append("  }\n  routes: [\n");
        cluster.routes().stream()
                .filter(route -> route.member() != cluster.member())
                .forEach(route ->
                        out.append("    ").append(route(cluster, route)).append('\n'));
        out.append("  ]\n}\n");
    }

    private static String route(BrokerCluster cluster, BrokerCluster.Route route) {
        String host = new HostName(route.host()).bracketed();
        String login = encoded(cluster.user()) + ":" + cluster.password().useText(NatsServerConfig::encoded);
        return quoted("nats-route://" + login + "@" + host + ":" + route.port());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A store that was made without a cluster cannot join one, nor can that of another member. */
    static Path store(Broker.Spec spec) {
        return spec.directory()
                .resolve(spec.membership().map(m -> "store-" + m.server()).orElse("store"));
    }

    /** Where the server looks for an account that it does not know yet: {@code NKEY.jwt}. */
    static Path accounts(Path directory) {
        return directory.resolve("accounts");
    }

    static Path log(Path directory) {
        return directory.resolve("nats-server.log");
    }

    private static void entry(StringBuilder out, String key, String value) {
        out.append(key).append(": ").append(value).append('\n');
    }

    private static String quoted(Object value) {
        String text = value instanceof Path path ? path.toAbsolutePath().toString() : value.toString();
        if (text.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("a control character in a broker setting");
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
