package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.GraphFactory;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The commands of an agent: the built-in ones and the vendor's. */
public final class Commands {
    private final AgentOptions options;
    private final List<Callable<Integer>> vendorCommands;
    private final GraphFactory graph;

    public Commands(AgentOptions options, List<Callable<Integer>> vendorCommands, GraphFactory graph) {
        this.options = options;
        this.vendorCommands = List.copyOf(vendorCommands);
        this.graph = graph;
    }

    /** Executes a command line; blocks as long as its command does. Returns the exit code. */
    public int execute(String... args) {
        Optional<PlainRun> plain = PlainRun.of(args);
        if (plain.isPresent()) {
            PlainRun run = plain.get();
            Path config = Path.of(run.config()).toAbsolutePath().normalize();
            return reported(run.debug(), () -> new AgentRun(options, graph, System.getenv()).run(config, run.debug()));
        }
        if (Rehearse.asked(args)) {
            return reported(false, () -> new Rehearse(options, graph).run(args));
        }
        return new CommandLines(options, vendorCommands, graph).execute(args);
    }

    private int reported(boolean debug, Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) {
            Charset console = System.err.charset();
            return Failures.report(options.name(), e, new PrintWriter(System.err, true, console), debug);
        }
    }
}
