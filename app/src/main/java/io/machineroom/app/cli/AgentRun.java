package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.graph.LogControl;
import io.machineroom.domain.agent.AgentLifecycle;
import io.machineroom.domain.agent.Exit;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs the agent until SIGTERM, SIGINT, or until it cannot go on. Nothing here may need picocli, see {@link PlainRun}. */
final class AgentRun {
    /** How much longer than its deadline a stop may take before the process is cut off. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** How long commands that hold slots or lead may take to end what they do; twice, the second time for who does not listen. */
    private static final Duration FAREWELL = Duration.ofSeconds(4);

    private static final System.Logger LOG = System.getLogger(AgentRun.class.getName());

    private final AgentOptions options;
    private final GraphFactory graph;
    private final Map<String, String> environment;
    private final HeldRequests held = new HeldRequests();

    AgentRun(AgentOptions options, GraphFactory graph, Map<String, String> environment) {
        this.options = options;
        this.graph = graph;
        this.environment = Map.copyOf(environment);
    }

    /** The agent of a configuration file. */
    AgentGraph graph(Path config) {
        return graph.create(options, source(config));
    }

    private ConfigSource source(Path config) {
        return new ConfigSource(new ConfigLoader(options.defaults(), environment), config);
    }

    /**
     * Blocks until the agent has ended.
     *
     * @param config the configuration file, absolute
     * @param debug whether to log everything, whatever the configuration says
     */
    int run(Path config, boolean debug) throws Exception {
        ConfigSource source = source(config);
        Config base = source.base();
        AgentGraph agent = graph.create(options, source);
        agent.log().start(base, debug);
        requireTokenOrEnrolment(base);
        prepare(base.storage());
        AgentLifecycle lifecycle = agent.lifecycle();
        AutoCloseable control =
                agent.control().serve(base.controlSocket(), (request, answers) -> answer(lifecycle, request, answers));
        try (Endpoint endpoint = Endpoint.open(agent, base)) {
            LOG.log(System.Logger.Level.DEBUG, "endpoint: {0}", endpoint.running());
            return live(lifecycle, agent.log(), base.duration("stop.deadline"));
        } finally {
            control.close();
        }
    }

    private int live(AgentLifecycle lifecycle, LogControl log, Duration deadline) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> leave(lifecycle, deadline, ended), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return switch (lifecycle.run()) {
                case Exit.Stopped stopped -> ExitCodes.OK;
                case Exit.Failed failed -> {
                    System.err.println(options.name() + ": " + failed.message() + " [" + failed.code() + "]");
                    yield ExitCodes.ofCode(failed.code());
                }
            };
        } finally {
            log.flush();
            ended.countDown();
        }
    }

    /** In the JVM's shutdown: what SIGTERM and SIGINT lead to. */
    private void leave(AgentLifecycle lifecycle, Duration deadline, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        boolean clean = false;
        long begin = System.nanoTime();
        try {
            held.end(deadline.dividedBy(3).compareTo(FAREWELL) < 0 ? deadline.dividedBy(3) : FAREWELL);
            lifecycle.stop(deadline.minusNanos(System.nanoTime() - begin));
            clean = ended.await(deadline.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lifecycle.stop(Duration.ZERO);
        }
        Runtime.getRuntime().halt(clean ? ExitCodes.OK : ExitCodes.TEMPORARY);
    }

    private static void requireTokenOrEnrolment(Config base) {
        Path token = base.path("provisioning.token_file");
        if (!Files.exists(token) && !Files.exists(base.directory().resolve(EnrolmentStore.FILE))) {
            throw new PortException.Refused(
                    "provisioning.token-missing",
                    "provisioning token not found in " + token + "; put the token of your vendor there");
        }
    }

    private static void prepare(Path storage) {
        try {
            Files.createDirectories(
                    storage, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new PortException.Unavailable(
                    "file.disk", "the folder " + storage + " cannot be made; set storage.directory to one that can", e);
        }
    }

    private void answer(AgentLifecycle lifecycle, Value.Obj request, Consumer<Value.Obj> answers)
            throws InterruptedException {
        switch (request.text("command").orElse("")) {
            case "ping" -> answers.accept(Value.obj("pong", Value.bool(true)));
            case "status" -> answers.accept(lifecycle.status());
            case "spool" ->
                lifecycle
                        .spool()
                        .orElseThrow(() -> new PortException.Refused("spool.closed", "the agent has no spool open"))
                        .handle(request, answers);
            case "submit" ->
                lifecycle
                        .submissions()
                        .orElseThrow(() -> new PortException.Refused("spool.closed", "the agent has no spool open"))
                        .handle(request, answers);
            case "machines" ->
                lifecycle
                        .machines()
                        .orElseThrow(() -> new PortException.Refused(
                                "machine.unknown", "the node is not enrolled, so that it runs no machines"))
                        .handle(request, answers);
            case "governor" ->
                held.serve(
                        lifecycle
                                .governors()
                                .orElseThrow(() -> new PortException.Refused(
                                        "governor.unreachable",
                                        "the node is not enrolled, so that it has no governors"))::handle,
                        request,
                        answers);
            case "kv" -> lifecycle.orchestration().buckets().handle(request, answers);
            case "election" -> held.serve(lifecycle.orchestration().elections()::handle, request, answers);
            default ->
                throw new PortException.Refused(
                        "control.unknown",
                        "commands are ping, status, spool, submit, machines, governor, kv and election");
        }
    }

    /** The optional loopback endpoint; closed with the agent. */
    record Endpoint(Optional<Gateway.Running> running) implements AutoCloseable {
        static Endpoint open(AgentGraph agent, Config base) {
            int port = Math.toIntExact(base.whole("metrics.port"));
            if (port == 0) {
                return new Endpoint(Optional.empty());
            }
            return new Endpoint(Optional.of(agent.localEndpoint()
                    .serve(
                            port,
                            agent.metrics()::text,
                            () -> health(agent.lifecycle().status()))));
        }

        private static Value.Obj health(Value.Obj status) {
            Value.Obj room = status.obj("machine_room").orElse(Value.obj());
            boolean healthy = room.list("fallen_services").isEmpty()
                    && !room.text("mode").orElse("stopped").equals("stopped");
            return Value.obj("healthy", Value.bool(healthy), "machine_room", room);
        }

        @Override
        public void close() {
            running.ifPresent(Gateway.Running::close);
        }
    }
}
