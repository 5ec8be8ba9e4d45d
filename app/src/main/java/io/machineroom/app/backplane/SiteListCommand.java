package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Site;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the sites. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "List the sites, their leaders and standbys, and where those are reached. Needs no running backplane.")
final class SiteListCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SiteListCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        BackplaneGraph graph = state.graph(graphs);
        PrintWriter out = spec.commandLine().getOut();
        for (Site site : StateOption.book(graph).sites().all()) {
            if (json) {
                out.println(SiteOptions.text(graph, site.document()));
            } else {
                site.seats().forEach(seat -> out.println(row(site, seat)));
            }
        }
        out.flush();
        return BackplaneExit.OK;
    }

    /** One line a place; that of the leader is first. */
    private static String row(Site site, Site.Seat seat) {
        String row = "%-16s %-12s %-32s %-24s %s"
                .formatted(
                        site.customer(),
                        site.name(),
                        seat.identity(),
                        seat.place().host() + " " + seat.place().port(),
                        seat.place().gateway());
        return site.standbys().isEmpty()
                ? row
                : row + (site.standbys().contains(seat) ? " standby" : " leader") + " route "
                        + seat.place().routePort();
    }
}
