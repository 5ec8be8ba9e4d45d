package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;

/**
 * The kind {@code ccm_manifest} (spec 4.2). Its properties are checked, so that an author hears of all faults; then it is
 * refused, because manifests are applied by a library that exists for another language only.
 */
record CcmManifestType() implements WatcherType {
    private static final String WHY =
            "ccm_manifest is refused: manifests are applied by the CCM library, which this build does not have";

    @Override
    public String name() {
        return "ccm_manifest";
    }

    @Override
    public IntervalRule interval() {
        return new IntervalRule(Duration.ofMillis(500), null, false, true, true);
    }

    @Override
    public Watcher create(Properties properties, WatcherContext context) {
        boolean manifest =
                properties.value("manifest").filter(Value.Obj.class::isInstance).isPresent();
        if (properties.text("manifest_file").orElse("").isEmpty() && !manifest) {
            properties.problem("", "manifest_file or manifest is required");
        }
        boolean noop = properties.bool("noop", false);
        boolean healthOnly = properties.bool("healthcheck_only", false);
        if (noop && healthOnly) {
            properties.problem("noop", "cannot run in noop mode and healthcheck_only");
        }
        properties.text("governor");
        properties.duration("governor_timeout", Duration.ofMinutes(5));
        properties.bool("splay", false);
        properties.duration("timeout", Duration.ofMinutes(1));
        throw new UnsupportedOperationException(WHY);
    }
}
