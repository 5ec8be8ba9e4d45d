package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the ledger. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show, per node, epoch and lane: created = stored + waiting + void + unknown.")
final class LedgerCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final RowsOption rows = new RowsOption();

    LedgerCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        return rows.print(graphs, "ledger", LedgerCommand::text);
    }

    private static String text(Value.Obj row) {
        Value.Obj causes = row.obj("void").orElse(Value.obj());
        String voids = causes.fields().keySet().stream()
                .map(cause -> cause + " " + causes.whole(cause).orElse(0L))
                .collect(Collectors.joining(", "));
        return "%-12s %-24s %-7s created %d stored %d waiting %d void %s unknown %d forks %d  %s"
                .formatted(
                        row.text("customer").orElse(""),
                        row.text("identity").orElse(""),
                        row.text("lane").orElse(""),
                        row.whole("created").orElse(0L),
                        row.whole("stored").orElse(0L),
                        row.whole("waiting").orElse(0L),
                        voids.isEmpty() ? "0" : voids,
                        row.whole("unknown").orElse(0L),
                        row.whole("forks").orElse(0L),
                        row.text("epoch").orElse(""));
    }
}
