package io.machineroom.domain.deployment;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.ports.data.Value;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Events of deployment; a rejection is told once for each distinct input. Confined to the deployer's task. */
final class Reports {
    private static final System.Logger LOG = System.getLogger(Reports.class.getName());
    private static final int MAX_REMEMBERED = 1_000;

    private final Events events;
    private final Consumer<Outgoing> out;
    private final Set<String> told = new LinkedHashSet<>();

    Reports(Events events, Consumer<Outgoing> out) {
        this.events = events;
        this.out = out;
    }

    /**
     * Tells of a rejection unless it was told before.
     *
     * @param plugin name of the plugin; empty for a whole list
     * @param digest digest of what was rejected
     */
    void rejected(String owner, String plugin, String code, String reason, String digest) {
        String input = String.join("\n", owner, plugin, code, digest);
        // one list may have several bad entries, which only the reason tells apart
        if (!told.add(code.startsWith("plugin.") ? input + "\n" + reason : input)) {
            return;
        }
        if (told.size() > MAX_REMEMBERED) {
            told.remove(told.iterator().next());
        }
        LOG.log(
                System.Logger.Level.WARNING,
                () -> (plugin.isEmpty() ? "list" : plugin) + " rejected: " + code + ": " + reason);
        Value.Obj data = Value.obj("owner", Value.text(owner), "code", Value.text(code), "reason", Value.text(reason))
                .with("digest", Value.text(digest));
        out.accept(events.product("plugin_rejected", plugin.isEmpty() ? data : data.with("name", Value.text(plugin))));
    }

    void deployed(PluginPointer pointer) {
        LOG.log(System.Logger.Level.INFO, () -> pointer.name() + " runs as version " + pointer.current());
        tell("plugin_deployed", pointer, Value.obj("previous", Value.text(pointer.previous())));
    }

    void rolledBack(PluginPointer pointer, String code, String reason) {
        LOG.log(System.Logger.Level.WARNING, () -> pointer.name() + " rolled back: " + reason);
        tell(
                "plugin_rolled_back",
                pointer,
                Value.obj(
                        "failed", Value.text(pointer.failed()),
                        "code", Value.text(code),
                        "reason", Value.text(reason)));
    }

    void removed(PluginPointer pointer) {
        tell("plugin_removed", pointer, Value.obj());
    }

    void repaired(PluginPointer pointer, ChecksumManifest.Difference difference) {
        LOG.log(System.Logger.Level.WARNING, () -> pointer.name() + " was repaired: " + difference);
        tell(
                "plugin_repaired",
                pointer,
                Value.obj(
                        "missing", Value.texts(few(difference.missing())),
                        "changed", Value.texts(few(difference.changed())),
                        "extra", Value.texts(few(difference.extra()))));
    }

    private static java.util.List<String> few(java.util.List<String> names) {
        return names.stream().limit(20).toList();
    }

    private void tell(String kind, PluginPointer pointer, Value.Obj own) {
        Value.Obj data = Value.obj(
                "owner", Value.text(pointer.owner()),
                "name", Value.text(pointer.name()),
                "digest", Value.text(pointer.current()));
        for (var field : own.fields().entrySet()) {
            data = data.with(field.getKey(), field.getValue());
        }
        out.accept(events.product(kind, data));
    }
}
