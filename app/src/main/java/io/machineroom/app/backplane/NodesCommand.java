package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the enrolled nodes. */
@Command(
        name = "nodes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List enrolled nodes, what they are to their site, and when they were last heard of.")
final class NodesCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final RowsOption rows = new RowsOption();

    @Option(names = "--stale", description = "Only those that have been silent for too long.")
    private boolean stale;

    @Option(
            names = "--stale-after",
            paramLabel = "TIME",
            defaultValue = "15m",
            converter = Days.class,
            description = "How long a node may be silent: 1d, 12h, 30m, 60s (default: ${DEFAULT-VALUE}, three times the"
                    + " default between inventories).")
    private Duration staleAfter = Duration.ofMinutes(15);

    NodesCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        Value.Obj request = Value.obj("command", Value.text("nodes"), "stale", Value.bool(stale))
                .with("stale_after", Value.num(staleAfter.toSeconds()));
        return rows.print(graphs, request, NodesCommand::row);
    }

    private static String row(Value.Obj node) {
        Value.Obj last = node.obj("last").orElse(Value.obj());
        String seen =
                last.whole("seen").map(s -> Instant.ofEpochSecond(s).toString()).orElse("never heard of");
        long silent = node.whole("silent_seconds").orElse(0L);
        return "%-16s %-12s %-8s %-32s %-10s %s, silent for %s%s"
                .formatted(
                        node.text("customer").orElse(""),
                        node.text("site").orElse(""),
                        node.text("role").orElse(""),
                        node.text("identity").orElse(""),
                        node.text("version").orElse(""),
                        seen,
                        Durations.print(Duration.ofSeconds(silent)),
                        node.bool("stale").orElse(false) ? ", stale" : "");
    }
}
