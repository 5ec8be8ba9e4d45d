package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.domain.replication.config.TlsFiles;
import io.machineroom.domain.replication.copy.ReplicatorDesk;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.watcher.Durations;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at what replicators that sample know and tell. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        description = "Looks at what replicators that sample know and tell: state, gossip, advisories.")
final class ReplicateAdmin implements Runnable {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ReplicateAdmin(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    /** Which NATS. */
    static final class Place {
        @Option(
                names = "--nats",
                required = true,
                paramLabel = "URL",
                description = "The NATS of the source; user, password and ?credentials=FILE as in the configuration.")
        private String nats = "";

        @Option(names = "--ca", paramLabel = "FILE", description = "PEM file with the authorities to trust.")
        private @Nullable Path ca;

        Side side() {
            Optional<TlsFiles> tls = Optional.ofNullable(ca)
                    .map(file -> new TlsFiles(Optional.of(file), Optional.empty(), Optional.empty()));
            return new Side(nats, tls, Optional.empty());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "an admin command is needed: state, gossip or advisories");
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the senders in the state_store of a replicator.")
    int state(
            @Parameters(paramLabel = "DIR", description = "The state_store.") Path directory,
            @Option(names = "--since", paramLabel = "TIME", description = "Seen within this time, as 1h.") @Nullable String since,
            @Option(names = "--advised", description = "Only those whose silence was advised.") boolean advised,
            @Option(names = "--value", paramLabel = "REGEX", description = "Only names in which this is found.")
                    @Nullable String value,
            @Option(names = "--values", description = "Print the names only.") boolean values,
            @Option(names = "--json", description = "One object for each sender.") boolean json) {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(spec.commandLine(), directory + " is no folder");
        }
        AgentGraph agent = agent();
        ReplicatorDesk.Wish wish = new ReplicatorDesk.Wish(
                since == null ? Instant.MIN : ago(since),
                advised,
                pattern(value).asPredicate());
        ReplicatorDesk.senders(
                agent.replication().folder(directory.toAbsolutePath().normalize()), agent.json(), wish, sender -> {
                    String name = sender.text("value").orElse("");
                    print(
                            agent,
                            values ? Value.obj("value", Value.text(name)) : sender,
                            json,
                            values ? name : line(sender));
                });
        return ExitCodes.OK;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Shows what the members of groups tell each other, until stopped.")
    int gossip(@Mixin Place place, @Option(names = "--json", description = "One object a line.") boolean json)
            throws InterruptedException {
        AgentGraph agent = agent();
        try (StreamHost host = agent.replication().connect(place.side())) {
            desk(agent).gossip(host, sender -> print(agent, sender, json, line(sender)));
        }
        return ExitCodes.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the advisories that a stream keeps.")
    int advisories(
            @Mixin Place place,
            @Parameters(index = "0", paramLabel = "STREAM", description = "The stream that keeps them.") String stream,
            @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Only of this sender.")
                    @Nullable String value,
            @Option(names = "--since", defaultValue = "1m", paramLabel = "TIME", description = "Not older; default 1m.")
                    String since,
            @Option(
                            names = {"-f", "--follow"},
                            description = "Wait for more, until stopped.")
                    boolean follow,
            @Option(names = "--json", description = "As they were published, one a line.") boolean json)
            throws InterruptedException {
        AgentGraph agent = agent();
        Instant from = ago(since);
        try (StreamHost host = agent.replication().connect(place.side())) {
            desk(agent).advisories(host, stream, from, follow, advisory -> {
                if (value == null || advisory.text("value").equals(Optional.of(value))) {
                    print(agent, advisory, json, told(advisory));
                }
            });
        }
        return ExitCodes.OK;
    }

    private AgentGraph agent() {
        Path nowhere = Path.of("agent.cfg").toAbsolutePath();
        return graph.create(options, new ConfigSource(new ConfigLoader(options.defaults(), Map.of()), nowhere));
    }

    private static ReplicatorDesk desk(AgentGraph agent) {
        return agent.replication()
                .desk(new ReplicatorConfig(
                        "admin", List.of(), Optional.empty(), 0, Optional.empty(), "info", Optional.empty()));
    }

    private Instant ago(String time) {
        try {
            Duration age = Durations.parse(time);
            return Instant.now().minus(age);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "'" + time + "' is no time; use a number with s, m, h or d", e);
        }
    }

    private Pattern pattern(@Nullable String text) {
        try {
            return Pattern.compile(text == null ? "" : text);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(spec.commandLine(), "--value: " + e.getDescription(), e);
        }
    }

    private void print(AgentGraph agent, Value.Obj document, boolean json, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? new String(agent.json().write(document), StandardCharsets.UTF_8) : text);
        out.flush();
    }

    private static String line(Value.Obj sender) {
        return sender.text("file").or(() -> sender.text("job")).orElse("") + " "
                + sender.text("value").orElse("") + ": seen "
                + sender.text("seen").orElse("") + ", copied "
                + sender.text("copied").orElse("") + ", " + sender.whole("size").orElse(0L) + " bytes"
                + (sender.bool("advised").orElse(false) ? ", advised" : "");
    }

    private static String told(Value.Obj advisory) {
        return Instant.ofEpochSecond(advisory.whole("timestamp").orElse(0L)) + " "
                + advisory.text("event").orElse("") + " "
                + advisory.text("value").orElse("") + ", seen "
                + advisory.whole("age").orElse(-1L) + " s before, by "
                + advisory.text("replicator").orElse("");
    }

    /** One line about a copy, for people. */
    static String standing(Value.Obj job) {
        String error = job.text("error").orElse("");
        return job.text("job").orElse("") + ": "
                + job.whole("sequence").map(n -> "at " + n).orElse("no place is known")
                + job.whole("last").map(n -> " of " + n).orElse("")
                + job.whole("lag").map(n -> ", " + n + " wait").orElse("")
                + ", " + job.whole("parked").orElse(0L) + " parked"
                + job.whole("senders")
                        .filter(n -> n > 0)
                        .map(n -> ", " + n + " senders")
                        .orElse("")
                + (error.isEmpty() ? "" : "; " + error);
    }
}
