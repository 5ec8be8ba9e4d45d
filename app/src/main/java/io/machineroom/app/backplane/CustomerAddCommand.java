package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.CharterBook;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Takes a customer in. The key of its account is made where the backplane runs, the operator that signs it is offline:
 * this command carries the one to the other.
 */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Add a customer. A running backplane takes it at once; the others' links stay.")
final class CustomerAddCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final OfflineOption offline = new OfflineOption();

    @Option(names = "--json", description = "Print JSON, with the account's JWT.")
    private boolean json;

    @Parameters(paramLabel = "NAME", description = "Its name: a letter a-z, then at most 31 of a-z 0-9 _ -.")
    private String name = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CustomerAddCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    /** What was made. */
    private record Made(String nkey, String jwt) {}

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        StateOption.charter(graph);
        Founding.Place there = offline.place(graph);
        Made made = StateOption.runs(graph) ? running(graph, there) : stopped(graph, there);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Value.Obj document = Value.obj("customer", Value.text(name))
                    .with("nkey", Value.text(made.nkey()))
                    .with("account_jwt", Value.text(made.jwt()));
            out.println(new String(graph.json().write(document), StandardCharsets.UTF_8));
        } else {
            out.println("customer " + name + ": account " + made.nkey());
        }
        out.flush();
        return BackplaneExit.OK;
    }

    private Made running(BackplaneGraph graph, Founding.Place there) throws InterruptedException {
        Value.Obj ask = Value.obj("command", Value.text("customer-key"), "customer", Value.text(name));
        String nkey = StateOption.accountKey(graph, ask);
        String jwt = Founding.sponsor(there, graph.authority(), name, nkey);
        Value.Obj add = Value.obj("command", Value.text("customer-add"), "customer", Value.text(name));
        StateOption.answer(graph, add.with("account", Value.text(jwt)));
        return new Made(nkey, jwt);
    }

    private Made stopped(BackplaneGraph graph, Founding.Place there) {
        List<Made> made = new ArrayList<>();
        StateOption.whileStopped(graph, () -> {
            CharterBook book = StateOption.book(graph);
            String nkey = book.newAccountKey(name);
            String jwt = Founding.sponsor(there, graph.authority(), name, nkey);
            book.add(name, jwt);
            made.add(new Made(nkey, jwt));
        });
        return made.getFirst();
    }
}
