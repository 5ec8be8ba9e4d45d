package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.ServerCertificate;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes what expires anew. */
@Command(
        name = "renew",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Renew the issuer's token and the certificate of gateway and broker. Nodes need no change."
                + " A running backplane takes both over at once.")
final class RenewCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final OfflineOption offline = new OfflineOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RenewCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        Charter charter = StateOption.charter(graph);
        FileTree files = graph.trees().apply(graph.state().path());
        Founding.Place here = new Founding.Place(files, graph.trust().keys());
        Founding founding =
                new Founding(here, offline.place(graph), graph.certificates(), graph.authority(), graph.means());
        ServerCertificate certificate = new ServerCertificate(files);
        if (StateOption.runs(graph)) {
            String issuer = founding.renew(charter);
            Value.Obj request = Value.obj("command", Value.text("renew"), "issuer", Value.text(issuer));
            StateOption.ask(graph, request, answer -> {});
        } else {
            StateOption.whileStopped(graph, () -> {
                String issuer = founding.renew(charter);
                StateOption.book(graph).renewIssuer(issuer);
                certificate.commit(graph.trust().tls());
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        List<java.time.Instant> until =
                graph.certificates().expires(graph.state().path().resolve("tls").resolve("server.pem"));
        out.println(
                "renewed in " + graph.state().path() + ": issuer.jwt, and the certificate until " + until.getFirst());
        out.flush();
        return BackplaneExit.OK;
    }
}
