package io.machineroom.domain.deployment;

import io.machineroom.domain.deployment.PluginHost.Broken;
import io.machineroom.domain.deployment.PluginHost.Health;
import io.machineroom.domain.deployment.PluginHost.Running;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides whether a new version stays: it has to be loaded and its watchers have to run within a time. Time counts
 * from the first look in this process. Confined to the deployer's task.
 */
final class Probation {
    /** After that many starts of the process during probation a version is given up. */
    static final int MAX_ATTEMPTS = 3;

    private final Duration limit;
    private final Map<String, Long> since = new HashMap<>();

    Probation(Duration limit) {
        this.limit = limit;
    }

    /** What to do with a version. */
    sealed interface Verdict {}

    /** It has to show itself still. */
    record Pending() implements Verdict {}

    /** It runs. */
    record Passed() implements Verdict {}

    /** It does not, for this reason. */
    record Failed(String code, String reason) implements Verdict {}

    Verdict judge(PluginPointer pointer, Health health, long now) {
        String key = pointer.name() + "/" + pointer.current();
        long begun = since.computeIfAbsent(key, k -> now);
        Verdict verdict = judge(pointer, health, Duration.ofNanos(now - begun));
        if (!(verdict instanceof Pending)) {
            since.remove(key);
        }
        return verdict;
    }

    private Verdict judge(PluginPointer pointer, Health health, Duration passed) {
        if (pointer.attempts() > MAX_ATTEMPTS) {
            return new Failed("plugin.crashed", "the agent ended " + MAX_ATTEMPTS + " times during its probation");
        }
        boolean same = health.digest().equals(pointer.current());
        if (same && health instanceof Running) {
            return new Passed();
        }
        if (same && health instanceof Broken broken) {
            return new Failed("plugin.broken", broken.reason());
        }
        if (passed.compareTo(limit) >= 0) {
            return new Failed("plugin.late", "it does not run after " + limit.toSeconds() + " s");
        }
        return new Pending();
    }
}
