package io.machineroom.nats;

import io.machineroom.ports.broker.Broker;
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
        entry(out, "server_name", quoted("machine-room"));
        entry(out, "host", quoted(spec.host()));
        entry(out, "port", spec.port() == 0 ? "-1" : Integer.toString(spec.port()));
        entry(out, "ports_file_dir", quoted(spec.directory()));
        entry(out, "log_file", quoted(log(spec.directory())));
        entry(out, "logfile_size_limit", "10485760");
        entry(out, "max_payload", Integer.toString(MAX_PAYLOAD));
        entry(out, "max_control_line", Integer.toString(NatsConnector.MAX_CONTROL_LINE));
        entry(out, "write_deadline", quoted("10s"));
        out.append("tls {\n");
        entry(out, "  cert_file", quoted(spec.certificateChain().toAbsolutePath()));
        entry(out, "  key_file", quoted(spec.privateKey().toAbsolutePath()));
        // many nodes come back at once: a handshake that waits its turn is better than one begun again
        entry(out, "  timeout", "15");
        out.append("}\njetstream {\n");
        entry(out, "  store_dir", quoted(spec.directory().resolve("store")));
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
