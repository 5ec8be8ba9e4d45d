package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a node back to where it was before its enrolment. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        description = "Restores the agent to factory defaults: keys, enrolment, spool, machines and facts are removed.")
final class ResetCommand implements Callable<Integer> {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--force", description = "Do not ask.")
    private boolean force;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ResetCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        ConfigSource source = config.source(options);
        AgentGraph agent = graph.create(options, source);
        PrintWriter out = spec.commandLine().getOut();
        if (runs(agent, source)) {
            throw new PortException.Refused(
                    "reset.running", "the agent of " + config.file() + " runs; stop it first, then reset");
        }
        if (!force && !confirmed(out)) {
            out.println("Nothing was changed.");
            out.flush();
            return ExitCodes.OK;
        }
        List<String> done = agent.reset().run();
        done.forEach(line -> out.println(line));
        if (done.isEmpty()) {
            out.println("There was nothing to reset beside " + config.file() + ".");
        }
        out.flush();
        return ExitCodes.OK;
    }

    private static boolean runs(AgentGraph agent, ConfigSource source) throws InterruptedException {
        try {
            agent.control().call(source.base().controlSocket(), Value.obj("command", Value.text("ping")), answer -> {});
            return true;
        } catch (PortException.Unavailable absent) {
            return false;
        }
    }

    private boolean confirmed(PrintWriter out) throws IOException {
        out.print("This removes the keys, the enrolment, all waiting events and all machines of " + config.file()
                + ".\nType the word reset to go on: ");
        out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().equals("reset");
    }
}
