package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.graph.SubmissionFiles;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Hands a message to the agent: into its spool while it runs, else into its submission directory. Durable either way. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = "Hands a message to the agent, which brings it to the SaaS; prints its id once it is on disk.")
final class SubmitCommand implements Callable<Integer> {
    /** The agent cannot take it now, or does not know how. */
    private static final Set<String> WITHOUT_AGENT =
            Set.of("spool.closed", "spool.busy", "control.failed", "control.unknown");

    private final AgentOptions options;
    private final GraphFactory graph;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(index = "0", paramLabel = "SUBJECT", description = "Its subject, without choria.submission.in.")
    private String subject = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "What it holds; - reads standard input.")
    private String file = "-";

    @Option(names = "--reliable", description = "Marks it so; it waits for its receipt in any case.")
    private boolean reliable;

    @Option(
            names = "--priority",
            paramLabel = "0..4",
            defaultValue = "4",
            description = "0 before everything that waits, 1 and 2 as events, 3 and 4 patient; default 4.")
    private int priority;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long it may wait until the spool has it, at most 31 days; default 24h.")
    private String ttl = "24h";

    @Option(
            names = "--tries",
            paramLabel = "N",
            defaultValue = "100",
            description = "Kept with it; attempts are not counted. Default 100.")
    private long tries;

    @Option(names = "--sender", paramLabel = "TEXT", description = "Who sends it; default: user <effective uid>.")
    private @Nullable String sender;

    @Option(names = "--sign", description = "Let the node sign it.")
    private boolean sign;

    @Option(names = "-H", paramLabel = "NAME=VALUE", description = "One more header; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SubmitCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigSource source = config.source(options);
        AgentGraph agent = graph.create(options, source);
        SubmissionFiles files = agent.submissionFiles();
        Value.Obj answer = hand(agent, source.base().controlSocket(), message(files));
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                json
                        ? new String(agent.json().write(answer), StandardCharsets.UTF_8)
                        : answer.text("id").orElse(""));
        out.flush();
        return ExitCodes.OK;
    }

    private Value.Obj message(SubmissionFiles files) {
        Map<String, Value> more = new LinkedHashMap<>();
        headers.forEach((name, value) -> more.put(name, Value.text(value)));
        return files.fresh(subject, payload(files.maxBytes()))
                .with("reliable", Value.bool(reliable))
                .with("priority", Value.num(priority))
                .with("ttl", Value.num(seconds()))
                .with("max_tries", Value.num(tries))
                .with("sender", Value.text(sender == null ? "user " + uid() : sender))
                .with("sign", Value.bool(sign))
                .with("headers", more.isEmpty() ? Value.nil() : Value.obj(more));
    }

    /** The running agent takes it, or nobody does and it waits in the directory. */
    private static Value.Obj hand(AgentGraph agent, Path control, Value.Obj message) throws InterruptedException {
        Value.Obj[] answer = {Value.obj()};
        try {
            Value.Obj request = Value.obj("command", Value.text("submit"), "message", message);
            agent.control().call(control, request, one -> answer[0] = one);
            // an agent that ends in this moment says nothing; the id is the same, so that twice is no harm
            return answer[0].text("id").isPresent()
                    ? answer[0].with("waits_in", Value.text("spool"))
                    : directory(agent, message);
        } catch (PortException.Unavailable absent) {
            return directory(agent, message);
        } catch (PortException.Refused refused) {
            if (WITHOUT_AGENT.contains(refused.code())) {
                return directory(agent, message);
            }
            throw refused;
        }
    }

    private static Value.Obj directory(AgentGraph agent, Value.Obj message) {
        return Value.obj("id", Value.text(agent.submissionFiles().put(message)), "waits_in", Value.text("directory"));
    }

    /** One byte more than allowed is enough to be told so. */
    private byte[] payload(int maxBytes) {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            return in.readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw new PortException.Refused("submission.invalid", "the payload cannot be read: " + e, e);
        }
    }

    private long seconds() {
        try {
            return Durations.parse(ttl).toSeconds();
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("submission.invalid", "ttl: " + e.getMessage(), e);
        }
    }

    private static String uid() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return System.getProperty("user.name"); // a system without numbers for users
        }
    }
}
