package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the enrolled nodes. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List enrolled nodes and when they were last heard of.")
final class NodesCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final RowsOption rows = new RowsOption();

    NodesCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        return rows.print(graphs, "nodes", NodesCommand::row);
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
