package io.machineroom.app.backplane;

import io.machineroom.app.cli.Misuse;
import io.machineroom.ports.PortException;
import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the backplane: commands, help, errors and exit codes. */
final class BackplaneCommands {
    private static final String NAME = "backplane";

    private final Function<StateDirectory, BackplaneGraph> graphs;

    BackplaneCommands(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    int execute(String... args) {
        return commandLine().execute(args);
    }

    CommandLine commandLine() {
        Root root = new Root();
        CommandLine line = new CommandLine(root);
        line.addSubcommand(new InitCommand(graphs));
        line.addSubcommand(new UpCommand(graphs));
        line.addSubcommand(new TokenCommand(graphs));
        line.addSubcommand(new PackCommand(graphs));
        line.addSubcommand(new MatchCommand(graphs));
        line.addSubcommand(new SignCommand(graphs));
        line.addSubcommand(new DeployCommand(graphs));
        CommandLine nodes = new CommandLine(new NodesCommand(graphs));
        nodes.addSubcommand(new ReleaseCommand(graphs));
        line.addSubcommand(nodes);
        CommandLine customers = new CommandLine(new CustomerCommand());
        customers.addSubcommand(new CustomerAddCommand(graphs));
        customers.addSubcommand(new CustomerListCommand(graphs));
        line.addSubcommand(customers);
        CommandLine sites = new CommandLine(new SiteCommand());
        sites.addSubcommand(new SiteAddCommand(graphs));
        sites.addSubcommand(new SiteListCommand(graphs));
        sites.addSubcommand(new SiteLeaderCommand(graphs));
        sites.addSubcommand(new SiteStandbyCommand(graphs));
        sites.addSubcommand(new SiteExpelCommand(graphs));
        sites.addSubcommand(new SiteRemoveCommand(graphs));
        line.addSubcommand(sites);
        line.addSubcommand(new GovernorCommand(graphs));
        line.addSubcommand(new RenewCommand(graphs));
        line.addSubcommand(new EventsCommand(graphs));
        line.addSubcommand(new LedgerCommand(graphs));
        line.addSubcommand(new StateCommand(graphs));
        line.setExecutionExceptionHandler((e, at, parsed) -> failed(e, at.getErr(), root.debug));
        line.setParameterExceptionHandler((e, _) -> misused(e));
        line.setUsageHelpWidth(100);
        return line;
    }

    private static int failed(Exception e, PrintWriter err, boolean debug) {
        String text = e instanceof PortException p
                ? p.getMessage() + " [" + p.code() + "]"
                : e.getClass().getSimpleName() + ": " + e.getMessage() + (debug ? "" : " (--debug shows the stack)");
        err.println(NAME + ": " + text);
        if (debug) {
            e.printStackTrace(err);
        }
        return BackplaneExit.of(e);
    }

    private static int misused(CommandLine.ParameterException e) {
        CommandLine at = e.getCommandLine();
        at.getErr()
                .println(NAME + ": " + Misuse.text(e) + "; try "
                        + at.getCommandSpec().qualifiedName() + " --help");
        return BackplaneExit.USAGE;
    }

    /** The program without a command. */
    @Command(
            name = NAME,
            mixinStandardHelpOptions = true,
            sortOptions = false,
            version = "0.1.0",
            description = "The vendor's side of Machine Room: enrols nodes, ships machines, takes events in.")
    static final class Root implements Runnable {
        @Option(names = "--debug", description = "Show stacks in errors.")
        private boolean debug;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed");
        }
    }
}
