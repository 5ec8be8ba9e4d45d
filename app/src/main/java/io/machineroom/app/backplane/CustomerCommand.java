package io.machineroom.app.backplane;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Customers of a backplane. */
@Command(
        name = "customer",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Customers of this backplane, each with an account of its own.")
final class CustomerCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed: add or list");
    }
}
