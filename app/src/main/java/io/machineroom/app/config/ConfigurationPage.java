package io.machineroom.app.config;

import java.util.stream.Collectors;

/** Prints {@code docs/configuration.md} from the table of keys. */
public final class ConfigurationPage {
    private ConfigurationPage() {}

    public static String markdown() {
        StringBuilder out = new StringBuilder("""
                # Configuration

                Printed from the table in `ConfigKeys`; a test compares. A value comes from the vendor's build, the enrolment, the
                `--config` file or the environment, and the later one wins. The file holds `key=value` lines; `#` begins a comment.
                Everything that is wrong is reported at once, with its place. Keys of Choria that this product has no use for
                (`plugin.…`, `collectives` and the like) are read and left alone. Settings do not change while the agent runs.

                """);
        ConfigKeys.ALL.forEach(key -> describe(key, out));
        return out.toString().stripTrailing() + "\n";
    }

    private static void describe(ConfigKey key, StringBuilder out) {
        out.append("## `")
                .append(key.name())
                .append("`\n\n")
                .append(key.sentence())
                .append("\n\n- type: ")
                .append(key.kind().description());
        if (!ConfigKeys.choices(key).isEmpty()) {
            out.append(": ").append(String.join(", ", ConfigKeys.choices(key)));
        }
        out.append("\n- default: ")
                .append(key.fallback().isEmpty() ? "none" : "`" + key.fallback() + "`")
                .append('\n');
        if (!key.least().isEmpty()) {
            out.append("- bounds: `")
                    .append(key.least())
                    .append("` to `")
                    .append(key.most())
                    .append("`\n");
        }
        String setters = key.setters().stream()
                .sorted()
                .map(s -> s.name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(", "));
        out.append("- set by: ")
                .append(setters)
                .append("; environment `")
                .append(key.variable())
                .append("`\n\n");
    }
}
