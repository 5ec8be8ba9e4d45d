package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the ledger. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show, per node, epoch and lane: created = stored + waiting + void + unknown.")
final class LedgerCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    LedgerCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        PrintWriter out = spec.commandLine().getOut();
        StateOption.ask(graph, Value.obj("command", Value.text("ledger")), row -> {
            if (json) {
                out.println(new String(graph.json().write(row), StandardCharsets.UTF_8));
            } else {
                out.println(text(row));
            }
        });
        out.flush();
        return BackplaneExit.OK;
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
