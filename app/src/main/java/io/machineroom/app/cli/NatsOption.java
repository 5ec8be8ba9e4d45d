package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.domain.orchestration.BucketDesk;
import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.domain.replication.config.TlsFiles;
import io.machineroom.ports.data.Value;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Over what a command reaches buckets: the running agent with its node's rights, or a connection of its own. */
final class NatsOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration file of the running agent to go through.")
    private @Nullable Path config;

    @Option(
            names = "--nats",
            paramLabel = "URL",
            description = "Connect to this NATS instead; user, password and ?credentials=FILE as in replicate.")
    private String nats = "";

    @Option(names = "--ca", paramLabel = "FILE", description = "With --nats: PEM file with the authorities to trust.")
    private @Nullable Path ca;

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    boolean isJson() {
        return json;
    }

    /** The wiring for what {@link #ask} needs; without an agent's configuration defaults serve. */
    AgentGraph agent(AgentOptions options, GraphFactory graph) {
        if ((config == null) == nats.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "either --config FILE or --nats URL is needed");
        }
        return tools(options, graph);
    }

    /** The wiring for what needs neither an agent nor a NATS. */
    AgentGraph tools(AgentOptions options, GraphFactory graph) {
        return graph.create(options, source(options));
    }

    private ConfigSource source(AgentOptions options) {
        Path file = config == null ? Path.of("agent.cfg") : config;
        Map<String, String> environment = config == null ? Map.of() : System.getenv();
        return new ConfigSource(
                new ConfigLoader(options.defaults(), environment),
                file.toAbsolutePath().normalize());
    }

    /** Sends a request of command {@code kv} or {@code election}, and hands over the answers until there are no more. */
    void ask(AgentOptions options, AgentGraph agent, Value.Obj request, Consumer<Value.Obj> answers)
            throws InterruptedException {
        if (nats.isEmpty()) {
            agent.control().call(source(options).base().controlSocket(), request, answers);
            return;
        }
        Optional<TlsFiles> tls = ca == null
                ? Optional.empty()
                : Optional.of(new TlsFiles(Optional.of(ca), Optional.empty(), Optional.empty()));
        try (DirectBuckets buckets = new DirectBuckets(agent.replication(), new Side(nats, tls, Optional.empty()))) {
            ElectionDesk.Means means = agent.replication().means("");
            if (request.text("command").orElse("").equals("kv")) {
                new BucketDesk(buckets::of, means.tasks()).handle(request, answers);
            } else {
                new ElectionDesk(buckets::of, means).handle(request, answers);
            }
        }
    }
}
