package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigException;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.graph.Replication;
import io.machineroom.domain.replication.config.ConfigReader.Reading;
import io.machineroom.domain.replication.copy.JobState;
import io.machineroom.domain.replication.copy.Replicator;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Copies streams of one NATS into another, without being an agent. */
@Command(
        name = "replicate",
        mixinStandardHelpOptions = true,
        description = "Copies streams of one NATS into another, as a configuration file says, until it is stopped.")
final class ReplicateCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    private final AgentOptions options;
    private final GraphFactory graph;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration file, YAML or JSON.")
    private Path config = Path.of("");

    @Option(names = "--json", description = "Progress as JSON, one line for each job.")
    private boolean json;

    @ParentCommand
    private RootCommand root = new RootCommand();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ReplicateCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Command(mixinStandardHelpOptions = true, description = "Only says whether a configuration file can be used.")
    int check(@Parameters(paramLabel = "FILE", description = "The configuration file.") Path file) {
        Replication replication = agent().replication();
        Reading reading = usable(replication, file);
        replication.prepare(reading.config());
        spec.commandLine()
                .getOut()
                .println(file + " is good: " + reading.config().jobs().size() + " streams");
        spec.commandLine().getOut().flush();
        return ExitCodes.OK;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Says where each copy of a configuration stands, whether it runs or not. Changes nothing.")
    int status(
            @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration file.")
                    Path file,
            @Option(names = "--json", description = "One object for each stream.") boolean asJson)
            throws InterruptedException {
        AgentGraph agent = agent();
        Reading reading = usable(agent.replication(), file);
        boolean good = true;
        for (Value.Obj job : agent.replication().desk(reading.config()).status(reading.config())) {
            spec.commandLine()
                    .getOut()
                    .println(
                            asJson
                                    ? new String(agent.json().write(job), StandardCharsets.UTF_8)
                                    : ReplicateAdmin.standing(job));
            good &= job.text("error").orElse("").isEmpty();
        }
        spec.commandLine().getOut().flush();
        return good ? ExitCodes.OK : ExitCodes.UNAVAILABLE;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (config.toString().isEmpty()) {
            throw new picocli.CommandLine.ParameterException(spec.commandLine(), "--config FILE is needed");
        }
        AgentGraph agent = agent();
        Replication replication = agent.replication();
        Reading reading = usable(replication, config);
        replication.prepare(reading.config());
        replication.log(reading.config(), root.debug);
        Replicator replicator = replication.create(reading.config());
        int port = reading.config().monitorPort();
        Optional<Gateway.Running> monitor = port == 0
                ? Optional.empty()
                : Optional.of(agent.localEndpoint().serve(port, agent.metrics()::text, () -> health(replicator)));
        try {
            return live(replicator, agent);
        } finally {
            monitor.ifPresent(Gateway.Running::close);
        }
    }

    private Reading usable(Replication replication, Path file) {
        Reading reading = replication.read(file.toAbsolutePath().normalize());
        PrintWriter err = spec.commandLine().getErr();
        reading.warnings().forEach(w -> err.println(options.name() + ": warning: " + w));
        err.flush();
        if (!reading.faults().isEmpty()) {
            throw new ConfigException(reading.faults());
        }
        return reading;
    }

    private AgentGraph agent() {
        Path nowhere = Path.of("agent.cfg").toAbsolutePath();
        return graph.create(options, new ConfigSource(new ConfigLoader(options.defaults(), Map.of()), nowhere));
    }

    private static Value.Obj health(Replicator replicator) {
        boolean healthy = replicator.states().stream().allMatch(s -> s.error().isEmpty());
        return Value.obj(
                "healthy",
                Value.bool(healthy),
                "jobs",
                new Value.Arr(
                        replicator.states().stream().<Value>map(JobState::value).toList()));
    }

    private int live(Replicator replicator, AgentGraph agent) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(replicator, ended), "stop"));
        Thread progress = Thread.ofVirtual().name("progress").start(() -> progress(replicator, agent.json(), ended));
        try {
            replicator.run();
            return ExitCodes.OK;
        } finally {
            show(replicator, agent.json());
            agent.log().flush();
            ended.countDown();
            progress.interrupt();
        }
    }

    private void progress(Replicator replicator, JsonFormat format, CountDownLatch ended) {
        try {
            while (!ended.await(PROGRESS.toMillis(), TimeUnit.MILLISECONDS)) {
                show(replicator, format);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(Replicator replicator, JsonFormat format) {
        PrintWriter out = spec.commandLine().getOut();
        for (JobState state : replicator.states()) {
            out.println(json ? new String(format.write(state.value()), StandardCharsets.UTF_8) : text(state));
        }
        out.flush();
    }

    private static String text(JobState s) {
        return s.job() + ": " + s.phase() + ", at " + s.sequence() + ", " + s.lag() + " wait, " + s.copied()
                + " copied, " + s.skipped() + " left out, " + s.parked() + " parked"
                + (s.error().isEmpty() ? "" : "; " + s.error());
    }

    /** In the JVM's shutdown: what SIGTERM and SIGINT lead to. */
    private static void leave(Replicator replicator, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        replicator.stop(DEADLINE);
        boolean clean = false;
        try {
            clean = ended.await(DEADLINE.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(clean ? ExitCodes.OK : ExitCodes.TEMPORARY);
    }
}
