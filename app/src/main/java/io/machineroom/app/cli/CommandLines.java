package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.GraphFactory;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command line of an agent: built-in and vendor's commands, help, errors and exit codes. */
final class CommandLines {
    /** Commands before flags, as users of the original know it. */
    private static final List<String> ORDER = List.of(
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST);

    private final AgentOptions options;
    private final List<Callable<Integer>> vendorCommands;
    private final GraphFactory graph;

    CommandLines(AgentOptions options, List<Callable<Integer>> vendorCommands, GraphFactory graph) {
        this.options = options;
        this.vendorCommands = List.copyOf(vendorCommands);
        this.graph = graph;
    }

    int execute(String... args) {
        return commandLine().execute(args);
    }

    CommandLine commandLine() {
        RootCommand root = new RootCommand();
        CommandLine line = new CommandLine(root);
        shape(line.getCommandSpec());
        line.addSubcommand(new RunCommand(new AgentRun(options, graph, System.getenv()), root));
        line.addSubcommand(new ResetCommand(options, graph));
        line.addSubcommand(new StatusCommand(options, graph));
        line.addSubcommand(new SpoolCommand(options, graph));
        line.addSubcommand(new SubmitCommand(options, graph));
        line.addSubcommand(new MachineCommand(options, graph));
        line.addSubcommand(new FactsCommand(options, graph));
        CommandLine replicate = new CommandLine(new ReplicateCommand(options, graph));
        replicate.addSubcommand(new ReplicateAdmin(options, graph));
        line.addSubcommand(replicate);
        line.addSubcommand(new GovernorCommand(options, graph));
        line.addSubcommand(new KvCommand(options, graph));
        line.addSubcommand(new ElectionCommand(options, graph));
        line.addSubcommand(new BuildInfoCommand(options, graph));
        vendorCommands.forEach(line::addSubcommand);
        line.setExecutionExceptionHandler(
                (e, at, parsed) -> Failures.report(options.name(), e, at.getErr(), root.debug));
        line.setParameterExceptionHandler((e, _) -> misused(e));
        line.setUsageHelpWidth(100);
        return line;
    }

    private void shape(CommandSpec spec) {
        spec.name(options.name());
        spec.version(options.version());
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show context-sensitive help.")
                .build());
        spec.addOption(OptionSpec.builder("--version")
                .versionHelp(true)
                .description("Show application version.")
                .build());
        spec.usageMessage()
                .synopsisHeading("usage: ")
                .customSynopsis(options.name() + " [<flags>] <command> [<args> ...]")
                .description("%n" + options.help().replace("%", "%%"), "%nContact: " + options.contact())
                .commandListHeading("%nCommands:%n")
                .optionListHeading("%nGlobal Flags:%n")
                .sectionKeys(ORDER);
    }

    private int misused(CommandLine.ParameterException e) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(options.name() + ": " + Misuse.text(e) + "; try "
                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCodes.USAGE;
    }
}
