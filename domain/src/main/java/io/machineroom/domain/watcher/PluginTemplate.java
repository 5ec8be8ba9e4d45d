package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.WatcherContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command of a nagios watcher with {@code {{ o "query" "default" }}} in it (spec 4.11): the override of this machine
 * at the query, or the default, as it is, without escaping. Immutable; parsed once.
 */
final class PluginTemplate {
    private static final String TEXT = "(?:\"((?:[^\"\\\\]|\\\\.){0,4096})\"|`([^`]*)`)";
    private static final Pattern CALL =
            Pattern.compile("(-\\s)?\\s*o\\s+" + TEXT + "\\s+(?:" + TEXT + "|([-+]?[0-9.]+|true|false))\\s*(\\s-)?");

    private final String text;

    private PluginTemplate(String text) {
        this.text = text;
    }

    /**
     * Reads a command.
     *
     * @throws PortException.Refused {@code template.invalid} for anything but {@code o} with a query and a default
     */
    static PluginTemplate parse(String text) {
        PluginTemplate template = new PluginTemplate(text);
        template.expand(query -> Optional.empty());
        return template;
    }

    /** Where overrides come from. */
    interface Source {
        Optional<Value> find(String query);
    }

    String expand(WatcherContext context) {
        return expand(query -> Overrides.find(context, query));
    }

    String expand(Source overrides) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf("{{", at);
            if (open < 0) {
                return out.append(text, at, text.length()).toString();
            }
            int close = text.indexOf("}}", open);
            if (close < 0) {
                throw new PortException.Refused("template.invalid", "a '{{' is never closed");
            }
            out.append(text, at, open);
            Matcher call = CALL.matcher(text.substring(open + 2, close));
            if (!call.matches()) {
                throw new PortException.Refused(
                        "template.invalid",
                        "plugin knows {{ o \"query\" \"default\" }} only, not " + text.substring(open, close + 2));
            }
            out.append(value(call, overrides));
            at = close + 2;
        }
    }

    private static String value(Matcher call, Source overrides) {
        String query = first(unescaped(call.group(2)), call.group(3), "");
        String fallback = first(unescaped(call.group(4)), call.group(5), call.group(6));
        return overrides.find(query).map(PluginTemplate::print).orElse(fallback);
    }

    private static String first(
            @org.jspecify.annotations.Nullable String one,
            @org.jspecify.annotations.Nullable String two,
            @org.jspecify.annotations.Nullable String three) {
        return one != null ? one : two != null ? two : three != null ? three : "";
    }

    private static @org.jspecify.annotations.Nullable String unescaped(
            @org.jspecify.annotations.Nullable String quoted) {
        return quoted == null ? null : quoted.replaceAll("\\\\(.)", "$1");
    }

    private static String print(Value value) {
        return switch (value) {
            case Value.Text t -> t.value();
            case Value.Num n -> n.value().toPlainString();
            case Value.Bool b -> Boolean.toString(b.value());
            default -> throw new PortException.Refused("template.failed", "an override must be a text or a number");
        };
    }
}
