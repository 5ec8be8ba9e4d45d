package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets an identity go. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Forget a node, so that its identity may be enrolled with another key.")
final class ReleaseCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(index = "0", paramLabel = "CUSTOMER", description = "Customer of the node.")
    private String customer = "";

    @Parameters(index = "1", paramLabel = "IDENTITY", description = "Its identity.")
    private String identity = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ReleaseCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        Value.Obj request = Value.obj(
                "command", Value.text("release"), "customer", Value.text(customer), "identity", Value.text(identity));
        StateOption.ask(
                state.graph(graphs),
                request,
                answer -> spec.commandLine().getOut().println("released " + identity + " of " + customer));
        spec.commandLine().getOut().flush();
        return BackplaneExit.OK;
    }
}
