package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.domain.authoring.AuthorTools;
import io.machineroom.domain.authoring.Finding;
import io.machineroom.domain.authoring.Finding.Severity;
import io.machineroom.domain.authoring.Lint;
import io.machineroom.domain.authoring.MermaidGraph;
import io.machineroom.domain.authoring.Sheet;
import io.machineroom.domain.authoring.SvgGraph;
import io.machineroom.domain.authoring.TestReport;
import io.machineroom.domain.machine.MachineDefinition;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** For those who write machines, and for those who look after them. */
@Command(
        name = "machine",
        mixinStandardHelpOptions = true,
        description = "Checks, draws, tests and runs machines; shows and moves those of a running agent.")
final class MachineCommand implements Runnable {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    MachineCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    /** How checks look and print. */
    static final class CheckOptions {
        @Option(names = "--strict", description = "Refuse what is only ignored: unknown keys and properties.")
        private boolean strict;

        @Option(names = "--lint", description = "Look for what cannot work as written, too.")
        private boolean lint;

        @Option(names = "--json", description = "Print the verdicts as JSON.")
        private boolean json;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a machine command is needed");
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Tells whether machines load and start, and what is wrong with them.")
    int check(@Mixin CheckOptions how, @Parameters(paramLabel = "DIR", arity = "1..*") List<Path> places) {
        AgentGraph agent = tools();
        List<Sheet> sheets = sheets(agent.authorTools(), places);
        List<Finding> findings = Lint.look(sheets, how.lint ? Lint.Depth.RULES : Lint.Depth.VERDICTS);
        MachineText text = new MachineText(out(), agent.json());
        if (how.json) {
            text.verdicts(sheets, findings);
        } else {
            text.check(sheets, findings);
        }
        boolean bad = findings.stream().anyMatch(f -> how.strict || f.severity() == Severity.FAULT);
        return bad ? ExitCodes.DATA : ExitCodes.OK;
    }

    @Command(mixinStandardHelpOptions = true, description = "Draws the states of a machine.")
    int graph(
            @Option(names = "--format", defaultValue = "mermaid", description = "mermaid or svg; default mermaid.")
                    Format format,
            @Parameters(paramLabel = "DIR") Path place) {
        MachineDefinition machine =
                good(tools(), List.of(place)).getFirst().definition().orElseThrow();
        out().print(format == Format.svg ? SvgGraph.of(machine) : MermaidGraph.of(machine));
        out().flush();
        return ExitCodes.OK;
    }

    /** Formats of diagrams, as the command line spells them. */
    enum Format {
        mermaid,
        svg
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Runs machines here until stopped, without a node; their data stay in memory.")
    int run(
            @Option(names = "--facts", paramLabel = "FILE", description = "Facts, JSON or YAML.") @Nullable Path facts,
            @Option(names = "--data", paramLabel = "FILE", description = "Data of the first machine, JSON or YAML.")
                    @Nullable Path data,
            @Option(names = "--for", paramLabel = "TIME", description = "Stop after this time, such as 30s.") @Nullable String length,
            @Option(names = "--json", description = "Print whole events as JSON, one a line.") boolean json,
            @Parameters(paramLabel = "DIR", arity = "1..*") List<Path> places)
            throws Exception {
        AgentGraph agent = tools("warn");
        List<Sheet> sheets = good(agent, places);
        AuthorTools.Given given = new AuthorTools.Given(
                MachineRun.document(agent.authorTools(), facts), MachineRun.document(agent.authorTools(), data));
        MachineRun run = new MachineRun(agent.authorTools(), new MachineText(out(), agent.json()), json);
        return run.go(sheets, given, length == null ? Duration.ofDays(36_500) : time(length));
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Rehearses machines in virtual time by the machine.test.yaml of the first.")
    int test(
            @Option(names = "--for", paramLabel = "TIME", description = "At least this long in virtual time, as 24h.")
                    @Nullable String length,
            @Option(names = "--json", description = "Print the report as JSON.") boolean json,
            @Parameters(paramLabel = "DIR", arity = "1..*") List<Path> places)
            throws InterruptedException {
        AgentGraph agent = tools("error");
        List<Sheet> sheets = good(agent, places);
        TestReport report = agent.authorTools().rehearse(sheets, length == null ? Duration.ZERO : time(length));
        MachineText text = new MachineText(out(), agent.json());
        if (json) {
            text.pretty(report.document());
        } else {
            text.report(report);
        }
        return report.failures().isEmpty() ? ExitCodes.OK : ExitCodes.DATA;
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the machines of a running agent.")
    int states(
            @Mixin ConfigOption config,
            @Option(names = "--json", description = "Print all of it as JSON, one machine a line.") boolean json,
            @Parameters(paramLabel = "MACHINE", arity = "0..1", description = "Only this one.") @Nullable String name)
            throws InterruptedException {
        AgentGraph agent = graph.create(options, config.source(options));
        MachineText text = new MachineText(out(), agent.json());
        return ask(agent, config, request("states", name), json ? text::compact : text::state);
    }

    @Command(mixinStandardHelpOptions = true, description = "Shows the data of a machine of a running agent, as JSON.")
    int data(@Mixin ConfigOption config, @Parameters(paramLabel = "MACHINE") String name) throws InterruptedException {
        AgentGraph agent = graph.create(options, config.source(options));
        MachineText text = new MachineText(out(), agent.json());
        return ask(
                agent,
                config,
                request("data", name),
                answer -> text.pretty(answer.obj("data").orElse(Value.obj())));
    }

    @Command(mixinStandardHelpOptions = true, description = "Fires a transition of a machine of a running agent.")
    int fire(
            @Mixin ConfigOption config,
            @Option(names = "--json", description = "Print the answer as JSON.") boolean json,
            @Parameters(paramLabel = "MACHINE") String name,
            @Parameters(paramLabel = "TRANSITION") String transition)
            throws InterruptedException {
        AgentGraph agent = graph.create(options, config.source(options));
        MachineText text = new MachineText(out(), agent.json());
        return ask(
                agent,
                config,
                request("fire", name).with("transition", Value.text(transition)),
                json ? text::compact : answer -> text.fired(name, answer));
    }

    @Command(mixinStandardHelpOptions = true, description = "Presses a switch of a machine of a running agent.")
    int press(
            @Mixin ConfigOption config,
            @Parameters(paramLabel = "MACHINE") String name,
            @Parameters(paramLabel = "WATCHER", description = "Its httpswitch watcher.") String watcher,
            @Parameters(paramLabel = "on|off") String position)
            throws InterruptedException {
        boolean on = position.equals("on");
        if (!on && !position.equals("off")) {
            throw new ParameterException(spec.commandLine(), "'" + position + "' is no position; use on or off");
        }
        Value.Obj request =
                request("press", name).with("watcher", Value.text(watcher)).with("on", Value.bool(on));
        AgentGraph agent = graph.create(options, config.source(options));
        return ask(agent, config, request, answer -> out().println(name + ": " + watcher + " " + position));
    }

    private static Value.Obj request(String action, @Nullable String name) {
        return Value.obj("command", Value.text("machines"), "action", Value.text(action))
                .with("name", Value.text(name == null ? "" : name));
    }

    private int ask(
            AgentGraph agent, ConfigOption config, Value.Obj request, java.util.function.Consumer<Value.Obj> print)
            throws InterruptedException {
        agent.control().call(config.source(options).base().controlSocket(), request, print);
        out().flush();
        return ExitCodes.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** The tools need no configuration; defaults serve. */
    private AgentGraph tools() {
        return graph.create(options, defaults("warn"));
    }

    /** As {@link #tools}, for machines that do something: what they log below a level is not shown. */
    private AgentGraph tools(String level) {
        AgentGraph agent = graph.create(options, defaults(level));
        agent.log().start(defaults(level).base(), false);
        return agent;
    }

    private static ConfigSource defaults(String level) {
        ConfigLoader loader = new ConfigLoader(Map.of("log.level", level), Map.of());
        return new ConfigSource(loader, Path.of("agent.cfg").toAbsolutePath());
    }

    private static List<Sheet> sheets(AuthorTools tools, List<Path> places) {
        Map<String, Path> labelled = new LinkedHashMap<>();
        places.forEach(
                place -> labelled.put(place.toString(), place.toAbsolutePath().normalize()));
        return tools.sheets(labelled);
    }

    /** Machines without faults; others are told and end the command. */
    private List<Sheet> good(AgentGraph agent, List<Path> places) {
        List<Sheet> sheets = sheets(agent.authorTools(), places);
        List<Finding> faults = Lint.look(sheets, Lint.Depth.VERDICTS).stream()
                .filter(f -> f.severity() == Severity.FAULT)
                .toList();
        if (!faults.isEmpty()) {
            throw new io.machineroom.ports.PortException.Refused(
                    "machine.invalid",
                    "the machine cannot be used:\n"
                            + String.join(
                                    "\n", faults.stream().map(Finding::line).toList()));
        }
        return sheets;
    }

    private Duration time(String text) {
        try {
            return io.machineroom.ports.watcher.Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "'" + text + "' is no time; use a number with s, m, h or d", e);
        }
    }
}
