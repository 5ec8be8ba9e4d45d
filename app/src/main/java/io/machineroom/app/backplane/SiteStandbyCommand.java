package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Site;
import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Registers the two standbys of a site, or takes them away. */
@Command(
        name = "standby",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Two more nodes keep the broker of a site with its leader, so that the site works on when one of the three is lost.",
            "Its nodes learn of it within minutes, or with their next enrolment."
        })
final class SiteStandbyCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final SiteOptions site = new SiteOptions();

    @Parameters(
            index = "2..*",
            paramLabel = "IDENTITY@HOST[:PORT:GATEWAY_PORT:ROUTE_PORT]",
            description =
                    "The two nodes and where they are reached; ports are 9222, 9223 and 9224 when left out. An IPv6"
                            + " address stands in brackets.")
    private List<String> places = List.of();

    @Option(
            names = "--route-port",
            paramLabel = "PORT",
            defaultValue = "9224",
            description = "Where the brokers of the two reach that of the leader (default: ${DEFAULT-VALUE}).")
    private int routePort = StandbyPlace.ROUTE_PORT;

    @Option(names = "--none", description = "Nobody stands by any more: the leader leads alone.")
    private boolean none;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SiteStandbyCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (none ? !places.isEmpty() : places.size() != 2) {
            throw new ParameterException(
                    spec.commandLine(),
                    "name two standbys, or none with --none: with one more the site would stand still as soon as either of"
                            + " the two is lost");
        }
        List<Site.Seat> seats = places.stream().map(StandbyPlace::read).toList();
        BackplaneGraph graph = site.graph(graphs);
        Value.Obj request = SiteOffice.standbys(routePort, seats).with("command", Value.text("site-standby"));
        Value.Obj changed = site.change(
                graph,
                request,
                sites -> (none
                                ? sites.alone(site.customer(), site.name())
                                : sites.standBy(site.customer(), site.name(), routePort, seats))
                        .document());
        return site.print(graph, changed, site.sentence(changed));
    }
}
