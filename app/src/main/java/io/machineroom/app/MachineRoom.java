package io.machineroom.app;

import io.machineroom.app.cli.Commands;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.wiring.Logging;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The front door: a vendor builds an agent here in a few lines and gives it the command line.
 *
 * <pre>{@code
 * int exit = MachineRoom.builder()
 *     .name("acme-agent").version("1.4.0").contact("ops@acme.example")
 *     .issuer("…64 hex digits…").signingKey("…64 hex digits…")
 *     .build().run(args);
 * System.exit(exit);
 * }</pre>
 */
public final class MachineRoom {
    private final AgentOptions options;
    private final List<Callable<Integer>> commands;
    private final Optional<GraphFactory> graph;

    MachineRoom(AgentOptions options, List<Callable<Integer>> commands, Optional<GraphFactory> graph) {
        this.options = options;
        this.commands = List.copyOf(commands);
        this.graph = graph;
    }

    public static MachineRoomBuilder builder() {
        return new MachineRoomBuilder();
    }

    /** Runs the command line; blocks as long as the command does. Returns the exit code (docs/operators.md). */
    public int run(String... args) {
        Logging.early();
        return new Commands(options, commands, graph.orElseGet(DefaultGraph::factory)).execute(args);
    }

    /** The agent without a vendor: keys come from the configuration. */
    public static void main(String[] args) {
        MachineRoom agent = builder()
                .name("machine-room")
                .version(ownVersion())
                .contact("the vendor of your platform")
                .help("Runs autonomous agents on this node and streams what they see to their platform.")
                .keysFromConfiguration()
                .build();
        System.exit(agent.run(args));
    }

    private static String ownVersion() {
        String version = MachineRoom.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Loads the default component, and with it the NATS adapter, only when it is asked for. */
    private static final class DefaultGraph {
        static GraphFactory factory() {
            return io.machineroom.app.wiring.DaggerAgentComponent.factory()::create;
        }
    }
}
