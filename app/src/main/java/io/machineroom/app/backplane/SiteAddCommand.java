package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Founding;
import io.machineroom.domain.backplane.Site;
import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.domain.backplane.SitePorts;
import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Registers a site. The key of its account is made where the backplane runs, the operator that signs it is offline: this
 * command carries the one to the other, as for a customer.
 */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Register a site and its leader. Its nodes learn of it with their next enrolment or renewal.")
final class SiteAddCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final SiteOptions site = new SiteOptions();

    @Mixin
    private final OfflineOption offline = new OfflineOption();

    @Option(names = "--leader", paramLabel = "IDENTITY", required = true, description = "The node that leads it.")
    private String leader = "";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            required = true,
            description = "Name or address under which its nodes reach the leader.")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + SitePorts.BROKER,
            description = "The leader's broker (default: ${DEFAULT-VALUE}).")
    private int port = SitePorts.BROKER;

    @Option(
            names = "--gateway-port",
            paramLabel = "PORT",
            defaultValue = "" + SitePorts.GATEWAY,
            description = "The leader's gateway (default: ${DEFAULT-VALUE}).")
    private int gatewayPort = SitePorts.GATEWAY;

    SiteAddCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = site.graph(graphs);
        StateOption.charter(graph);
        Founding.Place there = offline.place(graph);
        SiteOffice.Plan plan =
                new SiteOffice.Plan(site.customer(), site.name(), leader, new Site.Place(host, port, gatewayPort));
        Value.Obj made = StateOption.runs(graph) ? running(graph, there, plan) : stopped(graph, there, plan);
        return site.print(graph, made, "site " + plan.name() + " of " + plan.customer() + ": led by " + leader);
    }

    private static Value.Obj running(BackplaneGraph graph, Founding.Place there, SiteOffice.Plan plan)
            throws InterruptedException {
        String nkey = StateOption.accountKey(graph, plan.document().with("command", Value.text("site-key")));
        String jwt = Founding.sponsorSite(there, graph.authority(), plan, nkey);
        return StateOption.answer(
                graph, plan.document().with("command", Value.text("site-add")).with("account", Value.text(jwt)));
    }

    private static Value.Obj stopped(BackplaneGraph graph, Founding.Place there, SiteOffice.Plan plan) {
        List<Value.Obj> made = new ArrayList<>();
        StateOption.whileStopped(graph, () -> {
            SiteOffice sites = StateOption.sites(graph);
            String jwt = Founding.sponsorSite(there, graph.authority(), plan, sites.accountKey(plan));
            made.add(sites.add(plan, jwt).document());
        });
        return made.getFirst();
    }
}
