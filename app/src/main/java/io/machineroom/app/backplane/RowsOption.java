package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What commands share that ask the running backplane and print one row for each answer. */
final class RowsOption {
    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    RowsOption() {}

    /** Prints what the command over the local socket answers, as JSON or as the row of each. */
    int print(Function<StateDirectory, BackplaneGraph> graphs, String command, Function<Value.Obj, String> row)
            throws InterruptedException {
        return print(graphs, Value.obj("command", Value.text(command)), row);
    }

    /** The same for a command with more to it. */
    int print(Function<StateDirectory, BackplaneGraph> graphs, Value.Obj request, Function<Value.Obj, String> row)
            throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        PrintWriter out = spec.commandLine().getOut();
        StateOption.ask(
                graph,
                request,
                answer -> out.println(
                        json ? new String(graph.json().write(answer), StandardCharsets.UTF_8) : row.apply(answer)));
        out.flush();
        return BackplaneExit.OK;
    }
}
