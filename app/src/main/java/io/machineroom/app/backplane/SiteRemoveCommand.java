package io.machineroom.app.backplane;

import io.machineroom.ports.data.Value;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Forgets a site. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Forget a site: nobody speaks for it any more. Its nodes stay enrolled and report to the SaaS after"
                        + " their next renewal.")
final class SiteRemoveCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final SiteOptions site = new SiteOptions();

    SiteRemoveCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = site.graph(graphs);
        Value.Obj gone = site.change(
                graph,
                Value.obj("command", Value.text("site-remove")),
                sites -> sites.remove(site.customer(), site.name()).document());
        return site.print(graph, gone, "site " + site.name() + " of " + site.customer() + ": removed");
    }
}
