package io.machineroom.app;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.watcher.WatcherType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects a vendor's choices. Nothing is checked before {@link #build}, which then reports everything
 * that is missing or malformed at once. Not for use from several threads.
 */
public final class MachineRoomBuilder {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern WATCHER = Pattern.compile("[a-z][a-z0-9_]*");

    private String name = "";
    private String version = "";
    private String contact = "";
    private String help = "";
    private String issuer = "";
    private String signingKey = "";
    private boolean keysFromConfiguration;
    private Supplier<Value.Obj> facts = Value::obj;
    private FactSource.OptOuts optOuts = FactSource.OptOuts.none();
    private Consumer<AgentOptions.ReadyAgent> onReady = agent -> {};
    private @Nullable GraphFactory graph;
    private final List<WatcherType> watchers = new ArrayList<>();
    private final List<Callable<Integer>> commands = new ArrayList<>();
    private final Map<String, String> defaults = new LinkedHashMap<>();

    MachineRoomBuilder() {}

    /** Name of the agent: lower-case letters, digits and dashes. Required. */
    public MachineRoomBuilder name(String value) {
        name = value;
        return this;
    }

    /** Version of the agent, in events and {@code --version}. Required. */
    public MachineRoomBuilder version(String value) {
        version = value;
        return this;
    }

    /** Whom an operator asks; shown in help. Required. */
    public MachineRoomBuilder contact(String value) {
        contact = value;
        return this;
    }

    /** One paragraph of help. */
    public MachineRoomBuilder help(String value) {
        help = value;
        return this;
    }

    /** Ed25519 public key of the organisation that issues tokens, 64 hex digits. Required. */
    public MachineRoomBuilder issuer(String hex) {
        issuer = hex;
        return this;
    }

    /** Ed25519 public key that signs lists of machines, 64 hex digits. Required. */
    public MachineRoomBuilder signingKey(String hex) {
        signingKey = hex;
        return this;
    }

    /** For an agent without keys of its own: the operator's configuration names them. */
    MachineRoomBuilder keysFromConfiguration() {
        keysFromConfiguration = true;
        return this;
    }

    /** Facts of the vendor, under {@code machine_room.additional_facts}. Called at each gathering. */
    public MachineRoomBuilder facts(Supplier<Value.Obj> supplier) {
        facts = supplier;
        return this;
    }

    /** Facts that are not gathered. */
    public MachineRoomBuilder withoutFacts(FactSource.OptOuts choice) {
        optOuts = choice;
        return this;
    }

    /** A kind of watcher of the vendor's own. */
    public MachineRoomBuilder watcher(WatcherType type) {
        watchers.add(type);
        return this;
    }

    /** A command of the vendor's own: an object with picocli's {@code @Command}. */
    public MachineRoomBuilder command(Callable<Integer> command) {
        commands.add(command);
        return this;
    }

    /** A configuration value of the vendor; operators see it as the default. */
    public MachineRoomBuilder setting(String key, String value) {
        defaults.put(key, value);
        return this;
    }

    /** Called once when an enrolled agent has started its services. */
    public MachineRoomBuilder onReady(Consumer<AgentOptions.ReadyAgent> listener) {
        onReady = listener;
        return this;
    }

    /** Other wiring than the default: usually {@code DaggerMyComponent.factory()::create}. */
    public MachineRoomBuilder graph(GraphFactory factory) {
        graph = factory;
        return this;
    }

    /**
     * The agent.
     *
     * @throws IllegalArgumentException listing everything that is missing or malformed, one a line
     */
    public MachineRoom build() {
        List<String> problems = new ArrayList<>();
        check(
                problems,
                NAME.matcher(name).matches(),
                "name: needed, lower-case letters, digits and dashes; is '" + name + "'");
        check(problems, !version.isBlank(), "version: needed, for example 1.0.0");
        check(problems, !contact.isBlank(), "contact: needed, for example ops@example.net");
        Optional<VerifyKey.Ed25519> issuerKey = key(problems, "issuer", issuer);
        Optional<VerifyKey.Ed25519> signing = key(problems, "signingKey", signingKey);
        for (WatcherType type : watchers) {
            check(
                    problems,
                    WATCHER.matcher(type.name()).matches(),
                    "watcher: '" + type.name() + "' is no name; lower-case letters, digits and underscores");
        }
        check(
                problems,
                watchers.stream().map(WatcherType::name).distinct().count() == watchers.size(),
                "watcher: two kinds have the same name");
        new ConfigLoader(Map.of(), Map.of())
                .checkVendor(defaults)
                .forEach(p -> problems.add("setting: " + p.message()));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("this agent cannot be built:\n  " + String.join("\n  ", problems));
        }
        AgentOptions options = new AgentOptions(
                name, version, contact, help, issuerKey, signing, facts, watchers, optOuts, onReady, defaults);
        return new MachineRoom(options, commands, Optional.ofNullable(graph));
    }

    private Optional<VerifyKey.Ed25519> key(List<String> problems, String what, String hex) {
        if (hex.isBlank() && keysFromConfiguration) {
            return Optional.empty();
        }
        try {
            return Optional.of(VerifyKey.hex(hex));
        } catch (IllegalArgumentException e) {
            problems.add(what + ": needed, an Ed25519 public key as 64 hex digits; has "
                    + hex.strip().length() + " characters");
            return Optional.empty();
        }
    }

    private static void check(List<String> problems, boolean good, String message) {
        if (!good) {
            problems.add(message);
        }
    }
}
