package io.machineroom.app.backplane;

import io.machineroom.domain.deployment.DesiredPlugins;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries the condition of an entry. */
@Command(
        name = "match",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Try a condition as nodes do, before it is in a list. Files and programs are those of this machine.")
final class MatchCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 1 << 24;

    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Option(names = "--identity", paramLabel = "NODE", defaultValue = "", description = "Identity of the node.")
    private String identity = "";

    @Option(names = "--facts", paramLabel = "FILE", description = "Facts of the node, JSON (default: none).")
    private @Nullable Path facts;

    @Parameters(paramLabel = "CONDITION", description = "As in the field match of an entry.")
    private String condition = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    MatchCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        BackplaneGraph graph = graphs.apply(new StateDirectory(Path.of("").toAbsolutePath()));
        boolean held = DesiredPlugins.matches(condition, identity, facts(graph), graph.hostFiles());
        spec.commandLine().getOut().println(held ? "the node gets it" : "the node does not get it");
        spec.commandLine().getOut().flush();
        return BackplaneExit.OK;
    }

    private Value.Obj facts(BackplaneGraph graph) {
        Path file = facts;
        if (file == null) {
            return Value.obj();
        }
        byte[] bytes = graph.hostFiles()
                .read(file.toAbsolutePath(), MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused("match.facts", file + " cannot be read"));
        if (graph.json().read(bytes) instanceof Value.Obj map) {
            return map;
        }
        throw new PortException.Refused("match.facts", file + " holds no JSON object");
    }
}
