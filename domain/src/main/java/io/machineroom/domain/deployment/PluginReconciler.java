package io.machineroom.domain.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what is with what should be. Pure. */
public final class PluginReconciler {
    private PluginReconciler() {}

    /** One thing to do. */
    public sealed interface Step {
        String name();
    }

    /** A version that is not current is to become it. */
    public record Install(PluginEntry entry) implements Step {
        @Override
        public String name() {
            return entry.name();
        }
    }

    /** The current version is the wanted one: look whether it is whole. */
    public record Keep(PluginEntry entry) implements Step {
        @Override
        public String name() {
            return entry.name();
        }
    }

    /** The wanted version failed with this list. */
    public record Wait(String name, String reason) implements Step {}

    /** Nobody wants it. */
    public record Remove(String name) implements Step {}

    /**
     * The plan: removals first, then the wanted ones in their order.
     *
     * @param current pointers of one owner by name
     * @param purge whether unknown ones are removed
     * @param list digest of the list
     */
    public static List<Step> plan(
            Map<String, PluginPointer> current, DesiredPlugins desired, boolean purge, String list) {
        List<Step> steps = new ArrayList<>();
        Set<String> undecided = desired.undecided();
        for (String name : current.keySet()) {
            if (purge && !desired.byName().containsKey(name) && !undecided.contains(name)) {
                steps.add(new Remove(name));
            }
        }
        for (PluginEntry entry : desired.byName().values()) {
            PluginPointer pointer = current.get(entry.name());
            if (pointer != null && pointer.current().equals(entry.digest())) {
                steps.add(new Keep(entry));
            } else if (pointer != null
                    && pointer.failed().equals(entry.digest())
                    && pointer.failedList().equals(list)) {
                steps.add(new Wait(entry.name(), pointer.failedReason()));
            } else {
                steps.add(new Install(entry));
            }
        }
        return steps;
    }
}
