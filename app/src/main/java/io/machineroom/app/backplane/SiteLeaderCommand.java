package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.domain.backplane.SiteStandbys;
import io.machineroom.ports.data.Value;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a site another leader. */
@Command(
        name = "leader",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Another node leads the site, at the same place; or takes over the place of a standby. It learns of it"
                        + " within minutes, or with its next enrolment.")
final class SiteLeaderCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final SiteOptions site = new SiteOptions();

    @Parameters(index = "2", paramLabel = "IDENTITY", description = "The node that leads it from now on.")
    private String leader = "";

    @Option(
            names = "--instead-of",
            paramLabel = "IDENTITY",
            description = "The node whose place it takes (default: the one at the first place).")
    private Optional<String> before = Optional.empty();

    SiteLeaderCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = site.graph(graphs);
        Value.Obj request = Value.obj("command", Value.text("site-leader"), "leader", Value.text(leader));
        Value.Obj changed = site.change(
                graph,
                before.map(b -> request.with("instead_of", Value.text(b))).orElse(request),
                sites -> lead(sites).document());
        site.warn(changed);
        return site.print(graph, changed, site.sentence(changed));
    }

    private SiteStandbys.Outcome lead(SiteOffice sites) {
        return before.isPresent()
                ? sites.lead(site.customer(), site.name(), leader, before.get())
                : sites.lead(site.customer(), site.name(), leader);
    }
}
