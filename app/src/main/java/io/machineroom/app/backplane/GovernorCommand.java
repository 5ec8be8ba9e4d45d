package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Governors of the nodes that are connected to the vendor's own broker; those of a site are its leader's. */
@Command(
        name = "governor",
        mixinStandardHelpOptions = true,
        description =
                "Governors of a customer's nodes without a site; at a site, use the agent's command on its leader.")
final class GovernorCommand implements Runnable {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    GovernorCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is needed: list, view, add, evict, reset or delete");
    }

    @Command(mixinStandardHelpOptions = true, description = "List governors and how many of their slots are taken.")
    int list(@Mixin RowsOption rows, @Parameters(paramLabel = "CUSTOMER") String customer) throws InterruptedException {
        return rows.print(graphs, request("list", customer, ""), GovernorCommand::text);
    }

    @Command(mixinStandardHelpOptions = true, description = "Show a governor and who holds its slots.")
    int view(
            @Mixin RowsOption rows,
            @Parameters(paramLabel = "CUSTOMER") String customer,
            @Parameters(paramLabel = "NAME") String name)
            throws InterruptedException {
        return rows.print(graphs, request("view", customer, name), GovernorCommand::text);
    }

    @Command(mixinStandardHelpOptions = true, description = "Make a governor, or change the one of that name.")
    int add(
            @Mixin RowsOption rows,
            @Option(names = "--capacity", paramLabel = "N", required = true, description = "How many may work at once.")
                    long capacity,
            @Option(
                            names = "--expire",
                            paramLabel = "TIME",
                            defaultValue = "5m",
                            description = "After which a slot ends by itself, as 5m; 0s for never. Default: 5m.")
                    String expire,
            @Parameters(paramLabel = "CUSTOMER") String customer,
            @Parameters(paramLabel = "NAME") String name)
            throws InterruptedException {
        Value.Obj request = request("add", customer, name)
                .with("capacity", Value.num(capacity))
                .with("expire", Value.num(time(expire).toSeconds()));
        return rows.print(graphs, request, GovernorCommand::text);
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Take a slot away from whoever holds it; what is done in it is not stopped.")
    int evict(
            @Mixin RowsOption rows,
            @Parameters(paramLabel = "CUSTOMER") String customer,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "SLOT") long slot)
            throws InterruptedException {
        Value.Obj request = request("evict", customer, name).with("slot", Value.num(slot));
        return rows.print(
                graphs, request, answer -> "evicted " + answer.text("evicted").orElse(""));
    }

    @Command(mixinStandardHelpOptions = true, description = "Take all slots of a governor away.")
    int reset(
            @Mixin RowsOption rows,
            @Parameters(paramLabel = "CUSTOMER") String customer,
            @Parameters(paramLabel = "NAME") String name)
            throws InterruptedException {
        return rows.print(graphs, request("reset", customer, name), answer -> "nobody holds a slot of " + name);
    }

    @Command(mixinStandardHelpOptions = true, description = "Remove a governor with its slots.")
    int delete(
            @Mixin RowsOption rows,
            @Parameters(paramLabel = "CUSTOMER") String customer,
            @Parameters(paramLabel = "NAME") String name)
            throws InterruptedException {
        return rows.print(graphs, request("delete", customer, name), answer -> name + " is deleted");
    }

    private static Value.Obj request(String action, String customer, String name) {
        return Value.obj("command", Value.text("governor"), "action", Value.text(action))
                .with("customer", Value.text(customer))
                .with("name", Value.text(name));
    }

    private static String text(Value.Obj row) {
        if (row.text("holder").isPresent()) {
            return "  slot %d  since %s  %s"
                    .formatted(
                            row.whole("slot").orElse(0L),
                            row.text("since").orElse(""),
                            row.text("holder").orElse(""));
        }
        long expire = row.whole("expire").orElse(0L);
        return "%s  %d of %d slots taken  slots live %s  last taken %s"
                .formatted(
                        row.text("governor").orElse(""),
                        row.whole("taken").orElse(0L),
                        row.whole("capacity").orElse(0L),
                        expire == 0 ? "for ever" : Durations.print(Duration.ofSeconds(expire)),
                        row.text("last_active").orElse("never"));
    }

    private Duration time(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "'" + text + "' is no time; use a number with s, m, h or d", e);
        }
    }
}
