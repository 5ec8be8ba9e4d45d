package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the customers. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the customers and the public keys of their accounts. Needs no running backplane.")
final class CustomerListCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CustomerListCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        BackplaneGraph graph = state.graph(graphs);
        Charter charter = StateOption.charter(graph);
        PrintWriter out = spec.commandLine().getOut();
        for (String customer : charter.customers()) {
            String nkey = charter.nkey(customer);
            Value.Obj row = Value.obj("customer", Value.text(customer), "nkey", Value.text(nkey));
            out.println(
                    json
                            ? new String(graph.json().write(row), StandardCharsets.UTF_8)
                            : "%-32s %s".formatted(customer, nkey));
        }
        out.flush();
        return BackplaneExit.OK;
    }
}
