package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.domain.backplane.CharterBook;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The option {@code --state} and what every command reads there. */
final class StateOption {
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
        return CharterBook.charter(files(graph), graph.json());
    }

    /** The state directory; none is made where there is no backplane. */
    private static FileTree files(BackplaneGraph graph) {
        Path root = graph.state().path();
        if (graph.hostFiles().info(root.resolve(Founding.CHARTER)).isEmpty()) {
            throw new PortException.Refused(
                    "state.absent",
                    "there is no backplane in " + root + "; make one with init, or name it with --state");
        }
        return graph.trees().apply(root);
    }

    /** The charter and the chain issuer's token, to be changed. */
    static CharterBook book(BackplaneGraph graph) {
        return CharterBook.open(new CharterBook.Parts(
                files(graph),
                graph.trust().keys(),
                graph.json(),
                graph.signatures(),
                graph.means().time()));
    }

    /** The register of sites, to be changed. */
    static SiteOffice sites(BackplaneGraph graph) {
        return new SiteOffice(book(graph), graph.certificates());
    }

    private static Path socket(BackplaneGraph graph) {
        return graph.state().path().resolve("control.sock");
    }

    /** Whether a backplane runs on this directory. */
    static boolean runs(BackplaneGraph graph) throws InterruptedException {
        try {
            graph.control().call(socket(graph), Value.obj("command", Value.text("ping")), answer -> {});
            return true;
        } catch (PortException.Unavailable absent) {
            if (absent.code().equals("control.absent")) {
                return false;
            }
            throw absent;
        }
    }

    /** Changes the directory of a stopped backplane: none can start, and no other command change it, meanwhile. */
    static void whileStopped(BackplaneGraph graph, Runnable change) {
        AutoCloseable held = graph.control().serve(socket(graph), (request, answers) -> {
            throw new PortException.Unavailable(
                    "backplane.busy", "another command changes this backplane just now; try again");
        });
        try {
            change.run();
        } finally {
            close(held);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("the control socket cannot be closed", e);
        }
    }

    /** Asks the running backplane for the one thing that it answers. */
    static Value.Obj answer(BackplaneGraph graph, Value.Obj request) throws InterruptedException {
        List<Value.Obj> answers = new ArrayList<>(1);
        ask(graph, request, answers::add);
        return answers.stream().findFirst().orElseThrow(StateOption::silent);
    }

    /** The public key of an account, of which the running backplane has the private one. */
    static String accountKey(BackplaneGraph graph, Value.Obj request) throws InterruptedException {
        return answer(graph, request).text("nkey").orElseThrow(StateOption::silent);
    }

    private static PortException.Unavailable silent() {
        return new PortException.Unavailable("control.absent", "the backplane gave no answer");
    }

    /** Asks the running backplane. */
    static void ask(BackplaneGraph graph, Value.Obj request, Consumer<Value.Obj> answers) throws InterruptedException {
        try {
            graph.control().call(socket(graph), request, answers);
        } catch (PortException.Unavailable e) {
            if (e.code().equals("control.absent")) {
                files(graph);
                throw new PortException.Unavailable(
                        e.code(), "no backplane runs in " + graph.state().path() + "; start it with up", e);
            }
            throw e;
        }
    }
}
