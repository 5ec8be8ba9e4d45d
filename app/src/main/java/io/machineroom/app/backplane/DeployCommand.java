package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a signed list in force. */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Put a signed list in force for a customer, and copy archives for the gateway.")
final class DeployCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--customer", paramLabel = "C", required = true, description = "Customer it is for.")
    private String customer = "";

    @Option(names = "--artifact", paramLabel = "FILE", description = "Archive to hand out; repeatable.")
    private List<Path> artifacts = List.of();

    @Option(names = "--unchecked", description = "Ship it although it does not verify here; nodes refuse it.")
    private boolean unchecked;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(paramLabel = "SIGNED", description = "Signed list, as 'sign' wrote it.")
    private Path signed = Path.of("signed.json");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DeployCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        Value.Obj request = Value.obj("command", Value.text("deploy"), "customer", Value.text(customer))
                .with("list", Value.text(signed.toAbsolutePath().toString()))
                .with(
                        "artifacts",
                        Value.texts(artifacts.stream()
                                .map(f -> f.toAbsolutePath().normalize().toString())
                                .toList()))
                .with("unchecked", Value.bool(unchecked));
        var terminal = spec.commandLine().getOut();
        StateOption.ask(graph, request, answer -> {
            String text = "customer " + customer + ": list with serial "
                    + answer.whole("serial").orElse(0L) + " in force as revision "
                    + answer.whole("revision").orElse(0L) + (unchecked ? ", unchecked" : "");
            terminal.println(json ? new String(graph.json().write(answer), StandardCharsets.UTF_8) : text);
        });
        terminal.flush();
        return BackplaneExit.OK;
    }
}
