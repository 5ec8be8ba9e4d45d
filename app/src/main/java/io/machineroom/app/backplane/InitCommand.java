package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a backplane. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make keys, certificates and accounts. Never overwrites.")
final class InitCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(
            names = "--offline",
            paramLabel = "DIR",
            required = true,
            description = "Directory for the seeds that sign; keep it away from the machine that runs 'up'.")
    private Path offline = Path.of("offline");

    @Option(names = "--name", defaultValue = "machine-room", description = "Name (default: ${DEFAULT-VALUE}).")
    private String name = "machine-room";

    @Option(names = "--customer", paramLabel = "C", required = true, description = "A customer; repeatable.")
    private List<String> customers = List.of();

    @Option(
            names = "--host",
            paramLabel = "H",
            description = "Name or address for the server certificate; repeatable, the first is given to nodes"
                    + " (default: localhost and 127.0.0.1).")
    private List<String> hosts = List.of("localhost", "127.0.0.1");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    InitCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        BackplaneGraph graph = state.graph(graphs);
        Path apart = offline.toAbsolutePath().normalize();
        if (apart.startsWith(graph.state().path()) || graph.state().path().startsWith(apart)) {
            throw new PortException.Refused(
                    "init.offline", "the offline directory must lie outside of the state directory");
        }
        Founding.Place here = new Founding.Place(
                graph.trees().apply(graph.state().path()),
                graph.keyrings().apply(graph.state().path().resolve("keys")));
        Founding.Place there =
                new Founding.Place(graph.trees().apply(apart), graph.keyrings().apply(apart));
        Charter charter = new Founding(here, there, graph.certificates(), graph.authority(), graph.means())
                .found(name, customers, hosts);
        print(graph, charter, apart);
        return BackplaneExit.OK;
    }

    private void print(BackplaneGraph graph, Charter charter, Path apart) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Value.Obj document = Value.obj("name", Value.text(charter.name()))
                    .with("state", Value.text(graph.state().path().toString()))
                    .with("offline", Value.text(apart.toString()))
                    .with("issuer_key", Value.text(charter.organisation().hexText()))
                    .with("signing_key", Value.text(charter.machineSigner().hexText()))
                    .with("ca_pin", Value.text(charter.caPin()))
                    .with("customers", Value.texts(charter.customers()));
            out.println(new String(graph.json().write(document), java.nio.charset.StandardCharsets.UTF_8));
        } else {
            out.println("backplane '" + charter.name() + "' in " + graph.state().path());
            out.println("  customers    " + String.join(", ", charter.customers()));
            out.println("  issuer key   " + charter.organisation().hexText() + "  (builder().issuer)");
            out.println("  signing key  " + charter.machineSigner().hexText() + "  (builder().signingKey)");
            out.println("  CA pin       " + charter.caPin());
            out.println("Move " + apart + " to a safe place: its seeds sign tokens and lists; 'up' never needs them.");
        }
        out.flush();
    }
}
