package io.machineroom.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The agent itself, as a command. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs the management agent.")
final class RunCommand implements Callable<Integer> {
    private final AgentRun agent;
    private final RootCommand root;

    @Mixin
    private ConfigOption config = new ConfigOption();

    RunCommand(AgentRun agent, RootCommand root) {
        this.agent = agent;
        this.root = root;
    }

    @Override
    public Integer call() throws Exception {
        return agent.run(config.file(), root.debug);
    }
}
