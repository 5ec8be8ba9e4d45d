package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.TokenIssuer;
import io.machineroom.domain.backplane.UpSettings;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Issues a provisioning token. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Issue provisioning.jwt for the nodes of a customer. Whoever has it may enrol.")
final class TokenCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Mixin
    private final OfflineOption offline = new OfflineOption();

    @Option(names = "--customer", paramLabel = "C", required = true, description = "Customer of the nodes.")
    private String customer = "";

    @Option(names = "--site", paramLabel = "S", defaultValue = "", description = "Site of the nodes; may be left out.")
    private String site = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Gateway as nodes reach it; repeatable (default: where 'up' listened last, and the leaders of a"
                            + " registered site).")
    private List<URI> urls = List.of();

    @Option(
            names = "--valid",
            defaultValue = "365d",
            converter = Days.class,
            description = "Validity: 365d, 12h, 30m, 60s (default: ${DEFAULT-VALUE}).")
    private Duration valid = Duration.ofDays(365);

    @Option(names = "--out", paramLabel = "FILE", description = "File to write, mode 0600 (default: provisioning.jwt).")
    private Path out = Path.of("provisioning.jwt");

    @Option(names = "--print", description = "Print the token instead; it is a secret.")
    private boolean print;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    TokenCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        BackplaneGraph graph = state.graph(graphs);
        Charter charter = StateOption.charter(graph);
        Founding.Place there = offline.place(graph);
        Secret token = issue(graph, charter, new TokenIssuer(there, graph.means()));
        PrintWriter terminal = spec.commandLine().getOut();
        if (print) {
            token.useText(text -> {
                terminal.println(text);
                return true;
            });
        } else {
            Path file = out.toAbsolutePath().normalize();
            token.use(bytes -> {
                graph.hostFiles().replace(file, bytes, 0600, "", "");
                return true;
            });
            terminal.println("token for customer " + customer + (site.isEmpty() ? "" : ", site " + site) + ": " + file);
        }
        terminal.flush();
        return BackplaneExit.OK;
    }

    /** Who names the gateways himself gets these and no others. */
    private Secret issue(BackplaneGraph graph, Charter charter, TokenIssuer issuer) {
        if (!urls.isEmpty()) {
            return issuer.issue(charter, customer, site, urls, valid);
        }
        List<URI> gateways = gateways(graph, charter);
        return StateOption.book(graph)
                .sites()
                .find(customer, site)
                .map(registered -> issuer.issue(charter, registered, gateways, valid))
                .orElseGet(() -> issuer.issue(charter, customer, site, gateways, valid));
    }

    private static List<URI> gateways(BackplaneGraph graph, Charter charter) {
        Optional<byte[]> places = graph.hostFiles().read(graph.state().path().resolve("public.json"), 4096);
        if (places.isEmpty()) {
            return List.of(charter.at("https", UpSettings.GATEWAY_PORT));
        }
        if (!(graph.json().read(places.get()) instanceof Value.Obj known)) {
            throw new PortException.Corrupted(
                    "state.damaged",
                    "public.json cannot be read: "
                            + new String(places.get(), StandardCharsets.UTF_8)
                                    .lines()
                                    .findFirst()
                                    .orElse(""));
        }
        return known.texts("https").stream().map(URI::create).toList();
    }
}
