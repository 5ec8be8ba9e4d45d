package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Lookup;
import io.machineroom.ports.PortException;
import io.machineroom.ports.watcher.Properties;

/**
 * The properties of a kv watcher, checked.
 *
 * @param watch whether changes alone make it look, and the interval only in case one was missed
 * @param prefix whether the name of the bucket stands before the data key
 * @param onGet whether a value that is the same succeeds
 * @param onUpdate whether a newer revision of the same value succeeds
 */
record KvSettings(
        String bucket,
        String key,
        boolean watch,
        boolean prefix,
        String storeKey,
        boolean onGet,
        boolean onUpdate,
        String republish,
        boolean hiera,
        String query) {
    static KvSettings read(Properties properties) {
        String bucket = properties.required("bucket");
        String mode = properties.text("mode").filter(m -> !m.isEmpty()).orElse("poll");
        KvSettings settings = new KvSettings(
                bucket,
                Texts.optional(properties, "key"),
                mode.equals("watch"),
                properties.bool("bucket_prefix", true),
                Texts.optional(properties, "store_key"),
                properties.bool("on_successful_get", false),
                properties.bool("on_matching_update", false),
                Texts.optional(properties, "republish_trigger"),
                properties.bool("hiera_config", false),
                properties.text("query").orElse(""));
        if (!mode.equals("poll") && !mode.equals("watch")) {
            properties.problem("mode", "mode should be 'poll' or 'watch'");
        } else if (settings.key.isEmpty()) {
            properties.problem("key", mode + " mode requires a key");
        }
        try {
            Lookup.parse(settings.query);
        } catch (PortException.Refused e) {
            properties.problem("query", String.valueOf(e.getMessage()));
        }
        return settings;
    }

    String mode() {
        return watch ? "watch" : "poll";
    }
}
