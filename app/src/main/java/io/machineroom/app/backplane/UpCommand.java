package io.machineroom.app.backplane;

import io.machineroom.app.host.LogSetup;
import io.machineroom.domain.backplane.BackplaneService;
import io.machineroom.domain.backplane.CharterBook;
import io.machineroom.domain.backplane.EnrolmentPolicy;
import io.machineroom.domain.backplane.Equipment;
import io.machineroom.domain.backplane.UpSettings;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the backplane until a signal. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Run the backplane: gateway, broker, ingest. Ends with SIGTERM or SIGINT.")
final class UpCommand implements Callable<Integer> {
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:8443",
            description = "Gateway (default: ${DEFAULT-VALUE}); port 0: that of the last run, else a free one.")
    private String listen = "";

    @Option(
            names = "--nats-listen",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:4222",
            description = "Broker (default: ${DEFAULT-VALUE}); port 0 as above.")
    private String natsListen = "";

    @Option(
            names = "--advertise",
            paramLabel = "URL",
            description = "What nodes are told instead: https:// for the gateway, tls:// for the broker; repeatable.")
    private List<URI> advertised = List.of();

    @Option(names = "--no-nats", description = "No broker: HTTPS only.")
    private boolean noNats;

    @Option(names = "--nats", paramLabel = "URL", description = "A broker of somebody else instead of an own one.")
    private @Nullable URI nats;

    @Option(
            names = "--creds",
            paramLabel = "FILE",
            description =
                    "Credentials there, for the vendor-facing streams only; without it that broker trusts our accounts.")
    private @Nullable Path creds;

    @Option(names = "--nats-ca", paramLabel = "FILE", description = "CA of that broker, PEM (default: the system's).")
    private @Nullable Path natsCa;

    @Option(names = "--json", description = "Print where it listens as one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    UpCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        CharterBook book = StateOption.book(graph);
        HostPort gateway = HostPort.read(listen, "--listen", spec.commandLine());
        UpSettings settings = new UpSettings(gateway.host(), gateway.port(), broker(graph), advertised());
        Equipment equipment = new Equipment(graph.host(), graph.trust(), graph.doors());
        BackplaneService service = new BackplaneService(book, equipment, settings, EnrolmentPolicy.acceptAll());
        return run(graph, service);
    }

    private List<URI> advertised() {
        for (URI url : advertised) {
            if (!List.of("https", "tls", "nats").contains(String.valueOf(url.getScheme())) || url.getPort() < 1) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--advertise is https://HOST:PORT or tls://HOST:PORT, not " + url);
            }
        }
        return advertised;
    }

    private UpSettings.Nats broker(BackplaneGraph graph) {
        if (noNats && nats != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--no-nats and --nats exclude each other");
        }
        if ((creds != null || natsCa != null) && nats == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--creds and --nats-ca need --nats");
        }
        if (natsCa != null && creds == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--nats-ca needs --creds; without them that broker must show our own CA");
        }
        if (noNats) {
            return new UpSettings.Nats.None();
        }
        if (nats == null) {
            HostPort at = HostPort.read(natsListen, "--nats-listen", spec.commandLine());
            return new UpSettings.Nats.Own(at.host(), at.port());
        }
        check(nats);
        if (creds == null) {
            return new UpSettings.Nats.Trusting(nats);
        }
        Path file = creds.toAbsolutePath();
        byte[] content = graph.hostFiles()
                .read(file, 64 * 1024)
                .orElseThrow(() -> new PortException.Refused("creds.absent", file + " cannot be read"));
        List<String> pins =
                natsCa == null ? List.of() : List.of(graph.certificates().pin(natsCa.toAbsolutePath()));
        return new UpSettings.Nats.Foreign(nats, Secret.of(content), pins);
    }

    private void check(URI url) {
        boolean known = "tls".equals(url.getScheme()) || "nats".equals(url.getScheme());
        if (!known || url.getHost() == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--nats is tls://HOST:PORT, not " + shown(url));
        }
        if (url.getUserInfo() != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--nats takes no user and password in the URL; give a credentials file with --creds FILE");
        }
    }

    /** Whatever stands before the host may be a password. */
    private static String shown(URI url) {
        return url.toString().replaceAll("[^/]*@", "...@");
    }

    private int run(BackplaneGraph graph, BackplaneService service) throws InterruptedException {
        AtomicReference<Supervisor.Fallen> fallen = new AtomicReference<>();
        Tasks.Task task =
                graph.tasks().fork("backplane", () -> fallen.set(service.run(status -> ready(graph, status))));
        MetricsFile metrics = new MetricsFile(graph);
        graph.tasks().fork("metrics", metrics::keep);
        Thread hook = new Thread(() -> stop(task), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean ended = false;
        while (!ended) {
            ended = task.join(Duration.ofHours(1));
        }
        Supervisor.Fallen reason = fallen.get();
        if (reason != null) {
            throw new PortException.Corrupted(
                    reason.code(), reason.service() + " failed and nothing goes on without it: " + reason.message());
        }
        if (task.failure().orElse(null) instanceof PortException e) {
            throw e;
        }
        if (task.failure().isPresent()) {
            throw new IllegalStateException(
                    "the backplane ended", task.failure().get());
        }
        return BackplaneExit.OK;
    }

    /** Asked to end by a signal: brings everything to an end, then leaves with 0 instead of the JVM's 143. */
    private static void stop(Tasks.Task task) {
        if (task.done()) {
            return;
        }
        task.cancel();
        try {
            task.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LogSetup.flush();
        Runtime.getRuntime().halt(BackplaneExit.OK);
    }

    private void ready(BackplaneGraph graph, Value.Obj status) {
        PrintWriter out = spec.commandLine().getOut();
        String note = status.text("note").orElse("");
        List<String> warnings = status.texts("warnings");
        if (json) {
            Value.Obj line = Value.obj("event", Value.text("ready"))
                    .with("https", Value.texts(status.texts("https")))
                    .with("nats", Value.texts(status.texts("nats")))
                    .with("note", Value.text(note))
                    .with("warnings", Value.texts(warnings));
            out.println(new String(graph.json().write(line), StandardCharsets.UTF_8));
        } else {
            out.println("gateway  " + String.join(" ", status.texts("https")));
            List<String> brokers = status.texts("nats");
            out.println("broker   " + (brokers.isEmpty() ? "none" : String.join(" ", brokers)));
            if (!note.isEmpty()) {
                out.println("note     " + note);
            }
            warnings.forEach(warning -> out.println("warning  " + warning));
            out.println("ready");
        }
        out.flush();
    }
}
