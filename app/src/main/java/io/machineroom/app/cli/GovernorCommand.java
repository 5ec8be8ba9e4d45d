package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** What limits how many nodes do something at once; through the running agent, with its node's rights. */
@Command(
        name = "governor",
        mixinStandardHelpOptions = true,
        description = "Shows and makes governors, and runs commands in their slots, through a running agent.")
final class GovernorCommand implements Runnable {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    GovernorCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    /** Which agent, and how to print. */
    static final class Through {
        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "Print JSON, one object a line.")
        private boolean json;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a governor command is needed");
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists governors and how many of their slots are taken.")
    int list(@Mixin Through through) throws InterruptedException {
        return ask(through, request("list", ""), this::standing);
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows a governor and who holds its slots.")
    int view(@Mixin Through through, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return ask(through, request("view", name), answer -> {
            if (answer.text("holder").isPresent()) {
                out().printf(
                                "  slot %d  since %s  %s%n",
                                answer.whole("slot").orElse(0L),
                                answer.text("since").orElse(""),
                                answer.text("holder").orElse(""));
            } else {
                standing(answer);
            }
        });
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes a governor, or changes the one of that name.")
    int add(
            @Mixin Through through,
            @Option(names = "--capacity", paramLabel = "N", required = true, description = "How many may work at once.")
                    long capacity,
            @Option(
                            names = "--expire",
                            paramLabel = "TIME",
                            defaultValue = "5m",
                            description = "After which a slot ends by itself, as 5m; 0s for never. Default: 5m.")
                    String expire,
            @Option(
                            names = "--replicas",
                            paramLabel = "N",
                            description = "Copies; default 1, and 3 at the leader of a site with standbys.")
                    @Nullable Long replicas,
            @Parameters(paramLabel = "NAME") String name)
            throws InterruptedException {
        Value.Obj request = request("add", name)
                .with("capacity", Value.num(capacity))
                .with("expire", Value.num(time(expire).toSeconds()));
        return ask(through, replicas == null ? request : request.with("replicas", Value.num(replicas)), this::standing);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Takes a slot away from whoever holds it; what is done in it is not stopped.")
    int evict(
            @Mixin Through through,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "SLOT", description = "Number of the slot, as view shows it.") long slot)
            throws InterruptedException {
        return ask(
                through,
                request("evict", name).with("slot", Value.num(slot)),
                answer -> out().println("evicted " + answer.text("evicted").orElse("")));
    }

    @Command(mixinStandardHelpOptions = true, description = "Takes all slots of a governor away.")
    int reset(@Mixin Through through, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return ask(through, request("reset", name), answer -> out().println("nobody holds a slot of " + name));
    }

    @Command(mixinStandardHelpOptions = true, description = "Removes a governor with its slots.")
    int delete(@Mixin Through through, @Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return ask(through, request("delete", name), answer -> out().println(name + " is deleted"));
    }

    /** How to wait for a slot, and what becomes of it. */
    static final class RunOptions {
        @Option(
                names = "--max-wait",
                paramLabel = "TIME",
                defaultValue = "5m",
                description = "How long to wait for a slot. Default: 5m.")
        private String wait = "5m";

        @Option(
                names = "--interval",
                paramLabel = "TIME",
                defaultValue = "5s",
                description = "How long to wait between two tries, at least 1s. Default: 5s.")
        private String interval = "5s";

        @Option(
                names = "--max-per-period",
                description =
                        "Keep the slot until it ends by its age: so many runs a period. None free is a success then.")
        private boolean perPeriod;
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description =
                    "Runs a command in a slot; its exit code is the command's. The command is stopped when its slot is lost.")
    int runCommand(
            @Mixin Through through,
            @Mixin RunOptions how,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND") List<String> command)
            throws InterruptedException {
        if (time(how.interval).compareTo(Duration.ofSeconds(1)) < 0) {
            throw new ParameterException(spec.commandLine(), "--interval is at least 1s");
        }
        Value.Obj request = request("hold", name)
                .with("wait_millis", Value.num(time(how.wait).toMillis()))
                .with("interval_millis", Value.num(time(how.interval).toMillis()))
                .with("max_per_period", Value.bool(how.perPeriod));
        AgentGraph agent = graph.create(options, through.config.source(options));
        GovernorRun run = new GovernorRun(
                agent.control(),
                through.config.source(options).base().controlSocket(),
                spec.commandLine().getErr());
        return run.go(request, command, how.perPeriod);
    }

    private static Value.Obj request(String action, String name) {
        return Value.obj("command", Value.text("governor"), "action", Value.text(action))
                .with("name", Value.text(name));
    }

    private int ask(Through through, Value.Obj request, Consumer<Value.Obj> print) throws InterruptedException {
        AgentGraph agent = graph.create(options, through.config.source(options));
        Consumer<Value.Obj> json =
                answer -> out().println(new String(agent.json().write(answer), StandardCharsets.UTF_8));
        agent.control()
                .call(through.config.source(options).base().controlSocket(), request, through.json ? json : print);
        out().flush();
        return ExitCodes.OK;
    }

    private void standing(Value.Obj answer) {
        long expire = answer.whole("expire").orElse(0L);
        out().printf(
                        "%s  %d of %d slots taken  slots live %s  last taken %s%n",
                        answer.text("governor").orElse(""),
                        answer.whole("taken").orElse(0L),
                        answer.whole("capacity").orElse(0L),
                        expire == 0 ? "for ever" : Durations.print(Duration.ofSeconds(expire)),
                        answer.text("last_active").orElse("never"));
    }

    private Duration time(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "'" + text + "' is no time; use a number with s, m, h or d", e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
