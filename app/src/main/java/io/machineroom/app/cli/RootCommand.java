package io.machineroom.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a command: global flags only. */
@Command(sortOptions = false)
final class RootCommand implements Runnable {
    @Option(names = "--debug", description = "Enable debug logging and stacks in errors.")
    boolean debug;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed");
    }
}
