package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Template;
import io.machineroom.domain.expression.TemplateFunctions;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.WatcherContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The properties of a nagios watcher, checked.
 *
 * @param plugin command as written; empty for a builtin
 * @param command the same, expanded anew each time
 * @param builtin name; empty for a plugin
 */
record NagiosSettings(
        String plugin,
        Supplier<String> command,
        String builtin,
        NagiosBuiltin check,
        Duration timeout,
        Map<String, String> annotations) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration GOSS_TIMEOUT = Duration.ofMinutes(1);

    static NagiosSettings read(Properties properties, WatcherContext context) {
        String plugin = properties.text("plugin").orElse("");
        String builtin = properties.text("builtin").orElse("");
        if (!plugin.isEmpty() && !builtin.isEmpty()) {
            properties.problem("plugin", "cannot set plugin and builtin");
        } else if (plugin.isEmpty() && builtin.isEmpty()) {
            properties.problem("plugin", "plugin or builtin is required");
        }
        Duration timeout = properties.duration("timeout", DEFAULT_TIMEOUT);
        return new NagiosSettings(
                plugin,
                command(properties, plugin, context),
                builtin,
                check(properties, builtin),
                timeout.isPositive() ? timeout : DEFAULT_TIMEOUT,
                new TreeMap<>(properties.textMap("annotations")));
    }

    /** The engine's language with the one function {@code o}; what it finds is taken as it is. */
    private static Supplier<String> command(Properties properties, String plugin, WatcherContext context) {
        TemplateFunctions functions =
                TemplateFunctions.engine().with("o", 2, arguments -> override(arguments, context));
        try {
            Template template = Template.parse(plugin, functions);
            return () -> template.expand(Value.obj());
        } catch (PortException.Refused e) {
            properties.doubt("plugin", String.valueOf(e.getMessage()));
            return () -> {
                throw e;
            };
        }
    }

    private static Value override(List<Value> arguments, WatcherContext context) {
        if (arguments.getFirst() instanceof Value.Text query) {
            return Overrides.find(context, query.value()).orElse(arguments.get(1));
        }
        throw new PortException.Refused("template.failed", "o wants a path and a default");
    }

    private static NagiosBuiltin check(Properties properties, String builtin) {
        String gossFile = properties.text("gossfile").orElse("");
        Duration lastMessage = properties.duration("last_message", Duration.ZERO);
        Duration certificate = properties.duration("pubcert_expire", Duration.ZERO);
        Duration token = properties.duration("token_expire", Duration.ZERO);
        if (builtin.equals("goss") && gossFile.isEmpty()) {
            properties.problem("gossfile", "gossfile property is required for the goss builtin check");
        }
        if (builtin.equals("choria_status") && lastMessage.isZero()) {
            properties.problem("last_message", "last_message property is required for the choria_status builtin check");
        }
        if (builtin.startsWith("goss")) {
            return new GossCheck(gossFile, GOSS_TIMEOUT);
        }
        return switch (builtin) {
            case "heartbeat" -> NagiosBuiltin.heartbeat();
            case "choria_status" -> new StatusCheck(lastMessage, certificate, token);
            default -> NagiosBuiltin.unsupported(builtin);
        };
    }

    /** What is checked, before anything is filled in. */
    String title() {
        return builtin.isEmpty() ? plugin : builtin;
    }
}
