package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Lookup;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.watcher.WatcherContext;
import java.util.Optional;

/** What an operator changed of the checks of this node: one JSON file, read at every use (spec 3, 4.11). */
final class Overrides {
    private static final System.Logger LOG = System.getLogger(Overrides.class.getName());
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private Overrides() {}

    /** The whole file; empty when it is absent or no JSON object, which is logged. */
    static Value.Obj all(WatcherContext context) {
        Optional<CheckFiles> places = context.port(CheckFiles.class);
        Optional<HostFiles> files = context.port(HostFiles.class);
        Optional<JsonFormat> json = context.port(JsonFormat.class);
        if (places.isEmpty() || files.isEmpty() || json.isEmpty()) {
            return Value.obj();
        }
        try {
            return files.get()
                    .read(places.get().overrides(), MAX_BYTES)
                    .map(bytes -> json.get().read(bytes, MAX_BYTES))
                    .filter(Value.Obj.class::isInstance)
                    .map(Value.Obj.class::cast)
                    .orElse(Value.obj());
        } catch (PortException e) {
            LOG.log(System.Logger.Level.WARNING, () -> "the overrides of checks are not used: " + e.getMessage());
            return Value.obj();
        }
    }

    /** Those of one machine. */
    static Value.Obj of(WatcherContext context) {
        return all(context).obj(context.machineName()).orElse(Value.obj());
    }

    /** The value of a query below the machine's name; empty when there is none. */
    static Optional<Value> find(WatcherContext context, String query) {
        return Lookup.find(of(context), query).filter(value -> !(value instanceof Value.Nil));
    }
}
