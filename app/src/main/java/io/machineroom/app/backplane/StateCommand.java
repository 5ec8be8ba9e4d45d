package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what runs. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show where the running backplane listens and how far its event log is, as JSON.")
final class StateCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StateCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        StateOption.ask(
                graph,
                Value.obj("command", Value.text("status")),
                answer -> spec.commandLine()
                        .getOut()
                        .print(new String(graph.json().pretty(answer), StandardCharsets.UTF_8)));
        spec.commandLine().getOut().flush();
        return BackplaneExit.OK;
    }
}
