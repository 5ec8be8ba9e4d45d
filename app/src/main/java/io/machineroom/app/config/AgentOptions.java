package io.machineroom.app.config;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.watcher.WatcherType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the vendor fixed at build time.
 *
 * @param name name of the product, also the program's name in help
 * @param version the vendor's version
 * @param contact whom to ask
 * @param help one paragraph for people
 * @param issuer public key of the vendor's organisation
 * @param signingKey public key that signs lists of machines
 * @param facts the vendor's own facts, gathered with the others; may take a few seconds
 * @param watchers the vendor's own kinds of watchers
 * @param optOuts facts that are not gathered
 * @param onReady told once when the provisioned services run
 * @param defaults configuration values of the vendor
 */
public record AgentOptions(
        String name,
        String version,
        String contact,
        String help,
        Optional<VerifyKey.Ed25519> issuer,
        Optional<VerifyKey.Ed25519> signingKey,
        Supplier<Value.Obj> facts,
        List<WatcherType> watchers,
        FactSource.OptOuts optOuts,
        Consumer<ReadyAgent> onReady,
        Map<String, String> defaults) {
    public AgentOptions {
        watchers = List.copyOf(watchers);
        defaults = Map.copyOf(defaults);
    }

    /** What a vendor's {@code onReady} may do. */
    public interface ReadyAgent {
        String identity();

        /** Writes a line to the agent's log. */
        void log(String line);

        /** Publishes an event of type {@code io.machineroom.<kind>.v1}. */
        void publish(String kind, Value.Obj data);
    }
}
