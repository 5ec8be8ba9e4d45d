package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Ends what those who had led a site may do at its brokers. Their users there have no end, because a site must go on however
 * long it is offline; the operator, who is offline, takes them back by name.
 */
@Command(
        name = "expel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Nodes that led the site and lead it no more are let in by its brokers no more. Its leaders take it over"
                        + " within minutes; with standbys the site stands still meanwhile.")
final class SiteExpelCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final SiteOptions site = new SiteOptions();

    @Mixin
    private final OfflineOption offline = new OfflineOption();

    SiteExpelCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = site.graph(graphs);
        StateOption.charter(graph);
        Founding.Place there = offline.place(graph);
        List<SiteOffice.Expulsion> who = new ArrayList<>();
        Value.Obj sealed = StateOption.runs(graph) ? running(graph, there, who) : stopped(graph, there, who);
        int many = who.getFirst().former().size();
        return site.print(
                graph,
                sealed,
                "site " + site.name() + " of " + site.customer() + ": " + many
                        + (many == 1 ? " former leader is" : " former leaders are") + " expelled");
    }

    private Value.Obj running(BackplaneGraph graph, Founding.Place there, List<SiteOffice.Expulsion> who)
            throws InterruptedException {
        Value.Obj named = Value.obj("customer", Value.text(site.customer()), "site", Value.text(site.name()));
        SiteOffice.Expulsion expulsion =
                SiteOffice.Expulsion.of(StateOption.answer(graph, named.with("command", Value.text("site-former"))));
        who.add(expulsion);
        String jwt = Founding.sponsorSite(there, graph.authority(), expulsion);
        return StateOption.answer(
                graph, named.with("command", Value.text("site-expel")).with("account", Value.text(jwt)));
    }

    private Value.Obj stopped(BackplaneGraph graph, Founding.Place there, List<SiteOffice.Expulsion> who) {
        List<Value.Obj> sealed = new ArrayList<>();
        StateOption.whileStopped(graph, () -> {
            SiteOffice sites = StateOption.sites(graph);
            SiteOffice.Expulsion expulsion = sites.former(site.customer(), site.name());
            who.add(expulsion);
            String jwt = Founding.sponsorSite(there, graph.authority(), expulsion);
            sealed.add(sites.expel(site.customer(), site.name(), jwt).document());
        });
        return sealed.getFirst();
    }
}
