package io.machineroom.domain.watcher;

import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.orchestration.Wish;
import io.machineroom.ports.PortException;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.WatcherContext;
import java.time.Duration;

/**
 * The properties {@code governor} and {@code governor_timeout} of a watcher (spec 4.0). A watcher that has them waits, so it never
 * shares its task.
 *
 * @param template name of the governor; empty for none
 * @param patience how long to wait for a slot
 */
record Governed(String template, Duration patience) {
    static Governed read(Properties properties) {
        Duration given = properties.duration("governor_timeout", Wish.PATIENCE);
        return new Governed(Texts.optional(properties, "governor"), given.isPositive() ? given : Wish.PATIENCE);
    }

    /** Does the work, in a slot where a governor is named; as {@link Governor#within}. */
    <T> T run(WatcherContext context, Governor.Work<T> work) throws InterruptedException {
        if (template.isEmpty()) {
            return work.run();
        }
        Governors governors = context.port(Governors.class)
                .orElseThrow(() -> new PortException.Refused(
                        "governor.unavailable", "this build has no governors, remove the property 'governor'"));
        Wish wish = Wish.ofWatcher(
                name(context), context.machineName(), context.watcherName(), context.identity(), patience);
        return governors.within(context.machineName(), wish, work);
    }

    private String name(WatcherContext context) {
        try {
            return context.expand(template);
        } catch (PortException.Refused e) {
            throw new PortException.Refused(
                    "governor.template", "could not parse governor name template: " + e.getMessage(), e);
        }
    }
}
