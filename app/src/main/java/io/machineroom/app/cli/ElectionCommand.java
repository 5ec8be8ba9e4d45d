package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes part in elections. */
@Command(
        name = "election",
        mixinStandardHelpOptions = true,
        description = "Lets one of many nodes do something: runs a command or keeps a file while it leads.")
final class ElectionCommand implements Runnable {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ElectionCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    /** Which election, and as whom. */
    static final class Which {
        @Option(names = "--bucket", paramLabel = "NAME", description = "Default CHORIA_LEADER_ELECTION.")
        private String bucket = "";

        Value.Obj request(String action, String name) {
            return Value.obj("command", Value.text("election"), "action", Value.text(action))
                    .with("bucket", Value.text(bucket))
                    .with("name", Value.text(name));
        }
    }

    /** As whom a member takes part. */
    static final class Member {
        @Option(names = "--candidate", paramLabel = "NAME", description = "Default the node's identity.")
        private String candidate = "";

        Value.Obj into(Value.Obj request) {
            return request.with("candidate", Value.text(candidate));
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "an election command is needed");
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description =
                    "Waits until this node leads, then runs CMD and ends with its exit code. When the lead is lost CMD "
                            + "is stopped, and the exit code is 75.")
    int runCommand(
            @Mixin NatsOption over,
            @Mixin Which which,
            @Mixin Member member,
            @Option(
                            names = "--keep",
                            description =
                                    "Do not stop CMD when the lead is lost: send it SIGUSR2, and SIGUSR1 when it is "
                                            + "won again.")
                    boolean keep,
            @Parameters(index = "0", paramLabel = "NAME", description = "The election.") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "After --.")
                    List<String> command)
            throws InterruptedException {
        ElectionRun run = new ElectionRun(command, keep, spec.commandLine().getErr());
        return run.go(membership(over, member.into(which.request("run", name))));
    }

    @Command(
            name = "file",
            mixinStandardHelpOptions = true,
            description = "Keeps a file while this node leads, until stopped; with --check only looks at it.")
    int keepFile(
            @Mixin NatsOption over,
            @Mixin Which which,
            @Mixin Member member,
            @Option(names = "--check", description = "Exit code 75 when the file is missing or older than a minute.")
                    boolean check,
            @Parameters(index = "0", paramLabel = "FILE") Path file,
            @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "The election.") @Nullable String name)
            throws InterruptedException {
        ElectionFile kept = new ElectionFile(file, over.tools(options, graph).json());
        if (check) {
            return kept.check(spec.commandLine().getErr());
        }
        if (name == null || name.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "the name of the election is needed");
        }
        return kept.keep(membership(over, member.into(which.request("run", name))));
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows who leads what.")
    int info(@Mixin NatsOption over, @Mixin Which which) throws InterruptedException {
        return ask(over, which.request("info", ""), this::leader);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Takes the lead away: the next campaign of anybody wins it.")
    int evict(@Mixin NatsOption over, @Mixin Which which, @Parameters(paramLabel = "NAME") String name)
            throws InterruptedException {
        return ask(
                over,
                which.request("evict", name),
                answer -> out().println("evicted " + answer.text("evicted").orElse("")));
    }

    private void leader(Value.Obj answer) {
        if (answer.text("bucket").isPresent()) {
            KvText.status(answer, out());
            return;
        }
        out().printf(
                        "%s is led by %s, renewed %s%n",
                        answer.text("election").orElse(""),
                        answer.text("leader").orElse(""),
                        answer.text("renewed").orElse(""));
    }

    private int ask(NatsOption over, Value.Obj request, Consumer<Value.Obj> print) throws InterruptedException {
        AgentGraph agent = over.agent(options, graph);
        over.ask(options, agent, request, answer -> {
            if (over.isJson()) {
                out().println(new String(agent.json().write(answer), StandardCharsets.UTF_8));
            } else {
                print.accept(answer);
            }
            out().flush();
        });
        return ExitCodes.OK;
    }

    private Membership membership(NatsOption over, Value.Obj request) {
        AgentGraph agent = over.agent(options, graph);
        return new Membership(answers -> over.ask(options, agent, request, answers));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
