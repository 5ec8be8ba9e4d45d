package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The option {@code --state} and what every command reads there. */
final class StateOption {
    private static final int MAX_BYTES = 1 << 20;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "./backplane",
            description = "State directory (default: ${DEFAULT-VALUE}).")
    private Path state = Path.of("backplane");

    StateOption() {}

    BackplaneGraph graph(Function<StateDirectory, BackplaneGraph> graphs) {
        return graphs.apply(new StateDirectory(state.toAbsolutePath().normalize()));
    }

    static Charter charter(BackplaneGraph graph) {
        Path file = graph.state().path().resolve(Founding.CHARTER);
        byte[] bytes = graph.hostFiles()
                .read(file, MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused(
                        "state.absent",
                        "there is no backplane in " + graph.state().path() + "; make one with init"));
        try {
            return Charter.of((Value.Obj) graph.json().read(bytes));
        } catch (NoSuchElementException | ClassCastException | IllegalArgumentException e) {
            throw new PortException.Corrupted("state.damaged", file + " cannot be read; restore it", e);
        }
    }

    static String issuer(BackplaneGraph graph) {
        Path file = graph.state().path().resolve(Founding.ISSUER);
        return graph.hostFiles()
                .read(file, MAX_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip())
                .orElseThrow(() -> new PortException.Corrupted("state.damaged", file + " is missing; restore it"));
    }

    /** Asks the running backplane. */
    static void ask(BackplaneGraph graph, Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        try {
            graph.control().call(graph.state().path().resolve("control.sock"), request, answers);
        } catch (PortException.Unavailable e) {
            if (e.code().equals("control.absent")) {
                throw new PortException.Unavailable(
                        e.code(), "no backplane runs in " + graph.state().path() + "; start it with up", e);
            }
            throw e;
        }
    }
}
