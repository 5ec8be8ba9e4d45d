package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Gives a site another leader. */
@Command(
        name = "leader",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Another node leads the site, at the same place. It learns of it with its next enrolment or renewal.")
final class SiteLeaderCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final SiteOptions site = new SiteOptions();

    @Parameters(index = "2", paramLabel = "IDENTITY", description = "The node that leads it from now on.")
    private String leader = "";

    SiteLeaderCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = site.graph(graphs);
        Value.Obj request = Value.obj("command", Value.text("site-leader"), "leader", Value.text(leader));
        Value.Obj changed = site.change(
                graph,
                request,
                sites -> sites.lead(site.customer(), site.name(), leader).document());
        return site.print(graph, changed, "site " + site.name() + " of " + site.customer() + ": led by " + leader);
    }
}
