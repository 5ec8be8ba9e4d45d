package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the enrolled nodes. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List enrolled nodes and when they were last heard of.")
final class NodesCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    NodesCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        PrintWriter out = spec.commandLine().getOut();
        StateOption.ask(graph, Value.obj("command", Value.text("nodes")), node -> {
            if (json) {
                out.println(new String(graph.json().write(node), StandardCharsets.UTF_8));
            } else {
                out.println(row(node));
            }
        });
        out.flush();
        return BackplaneExit.OK;
    }

    private static String row(Value.Obj node) {
        Value.Obj last = node.obj("last").orElse(Value.obj());
        String seen =
                last.whole("seen").map(s -> Instant.ofEpochSecond(s).toString()).orElse("never heard of");
        return "%-16s %-12s %-32s %-10s %s"
                .formatted(
                        node.text("customer").orElse(""),
                        node.text("site").orElse(""),
                        node.text("identity").orElse(""),
                        node.text("version").orElse(""),
                        seen);
    }
}
