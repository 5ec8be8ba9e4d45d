package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gathers the facts of this node: prints them, or writes the facts file of a configuration. */
@Command(
        name = "facts",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Gathers the facts of this node; writes the facts file with --config, prints them without.")
final class FactsCommand implements Callable<Integer> {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration file.")
    private Path config = Path.of("");

    @Option(names = "--print", description = "Print the facts although --config is given.")
    private boolean print;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    FactsCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Override
    public Integer call() {
        boolean file = !config.toString().isEmpty();
        Path at = (file ? config : Path.of("agent.cfg")).toAbsolutePath().normalize();
        ConfigLoader loader = new ConfigLoader(options.defaults(), System.getenv());
        AgentGraph agent = graph.create(options, new ConfigSource(loader, at));
        PrintWriter out = spec.commandLine().getOut();
        Value.Obj facts = file ? agent.facts().refresh() : agent.facts().gather();
        if (print || !file) {
            out.print(new String(agent.json().pretty(facts), StandardCharsets.UTF_8));
        }
        out.flush();
        return ExitCodes.OK;
    }
}
