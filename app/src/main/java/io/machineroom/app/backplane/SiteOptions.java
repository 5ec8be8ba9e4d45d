package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.SiteOffice;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands share that change one site, and how they show it. */
final class SiteOptions {
    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(index = "0", paramLabel = "CUSTOMER", description = "Customer of the site.")
    private String customer = "";

    @Parameters(
            index = "1",
            paramLabel = "SITE",
            description = "Its name: a letter a-z, then at most 31 of a-z 0-9 _ -.")
    private String name = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    SiteOptions() {}

    String customer() {
        return customer;
    }

    String name() {
        return name;
    }

    BackplaneGraph graph(Function<StateDirectory, BackplaneGraph> graphs) {
        return state.graph(graphs);
    }

    /** Asks the running backplane, or changes the directory of a stopped one. */
    Value.Obj change(BackplaneGraph graph, Value.Obj request, Function<SiteOffice, Value.Obj> stopped)
            throws InterruptedException {
        if (StateOption.runs(graph)) {
            Value.Obj named = request.with("customer", Value.text(customer)).with("site", Value.text(name));
            return StateOption.answer(graph, named);
        }
        StateOption.charter(graph);
        List<Value.Obj> out = new ArrayList<>(1);
        StateOption.whileStopped(graph, () -> out.add(stopped.apply(StateOption.sites(graph))));
        return out.getFirst();
    }

    /** Who leads it and who stands by. */
    String sentence(Value.Obj site) {
        List<String> standbys = new ArrayList<>();
        if (site.get("standbys").orElse(null) instanceof Value.Arr all) {
            all.items()
                    .forEach(one -> standbys.add(Value.obj("s", one)
                            .obj("s")
                            .flatMap(s -> s.text("identity"))
                            .orElse("")));
        }
        return "site " + name + " of " + customer + ": led by "
                + site.text("leader").orElse("")
                + (standbys.isEmpty() ? "" : ", standbys " + String.join(" and ", standbys));
    }

    /** Says on the error stream what the operator should look at. */
    void warn(Value.Obj changed) {
        PrintWriter err = spec.commandLine().getErr();
        changed.texts("warnings").forEach(warning -> err.println("backplane: warning: " + warning));
        err.flush();
    }

    /** Prints a site as JSON, or the sentence. */
    int print(BackplaneGraph graph, Value.Obj site, String sentence) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? text(graph, site) : sentence);
        out.flush();
        return BackplaneExit.OK;
    }

    /** Its account matters to its leader only, who gets it with his enrolment. */
    static String text(BackplaneGraph graph, Value.Obj site) {
        return new String(graph.json().write(site.without("account_jwt")), StandardCharsets.UTF_8);
    }
}
