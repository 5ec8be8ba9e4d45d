package io.machineroom.app.backplane;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sites of the customers. */
@Command(
        name = "site",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Sites of the customers, each with a leader that its nodes report to, and with two standbys if you like.")
final class SiteCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is needed: add, list, leader, standby, expel or remove");
    }
}
