package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.Site;
import io.machineroom.domain.backplane.SitePorts;
import io.machineroom.domain.backplane.StandbyWish;
import io.machineroom.ports.data.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            description = "The two nodes and where they are reached; ports are " + SitePorts.BROKER + ", "
                    + SitePorts.GATEWAY
                    + " and " + SitePorts.ROUTE + " when left out. An IPv6 address stands in brackets. Who stands by"
                    + " already keeps its place; one of the two may be another.")
    private List<String> places = List.of();

    @Option(
            names = "--route-port",
            paramLabel = "PORT",
            description = "Where the brokers of the two reach that of the leader (default: where they do now, else "
                    + SitePorts.ROUTE + ").")
    private Optional<Integer> routePort = Optional.empty();

    @Option(names = "--none", description = "Nobody stands by any more: the leader leads alone.")
    private boolean none;

    @Option(
            names = "--keep",
            paramLabel = "IDENTITY",
            description = "With --none: this one of the three leads alone (default: the one at the first place).")
    private Optional<String> keep = Optional.empty();

    @Option(
            names = "--force",
            description = "Also when one of them is no node of this site yet: its machine is still to be installed.")
    private boolean force;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SiteStandbyCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        StandbyWish wish = wish();
        BackplaneGraph graph = site.graph(graphs);
        Value.Obj changed = site.change(
                graph,
                wish.document().with("command", Value.text("site-standby")),
                sites -> sites.standBy(wish).document());
        site.warn(changed);
        return site.print(graph, changed, site.sentence(changed) + whatNow(changed));
    }

    private StandbyWish wish() {
        if (none ? !places.isEmpty() : places.size() != 2) {
            throw new ParameterException(
                    spec.commandLine(),
                    "name two standbys, or none with --none: with one more the site would stand still as soon as either of"
                            + " the two is lost");
        }
        if (none) {
            return StandbyWish.none(site.customer(), site.name(), keep);
        }
        if (keep.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--keep says who leads alone, so it goes with --none");
        }
        List<Site.Seat> seats = places.stream().map(StandbyPlace::read).toList();
        StandbyWish wish = StandbyWish.two(site.customer(), site.name(), routePort, seats);
        return force ? wish.forced() : wish;
    }

    /** The operator meets it within minutes, so he is told before. */
    private String whatNow(Value.Obj changed) {
        if (!changed.bool("starts_anew").orElse(false)) {
            return "";
        }
        if (none) {
            return """

                Within minutes the broker of the leader starts anew, alone and with an empty store: governors and buckets of
                the site have to be made again.""";
        }
        return """

            Within minutes the site's broker starts anew at the three places, with an empty store: governors and buckets of
            the site have to be made again. The first time all three must run. The route port of each must be open to the
            other two: %s. All three agents must be of this release or newer.""".formatted(routes(changed));
    }

    private static String routes(Value.Obj site) {
        Stream<Value.Obj> standbys = site.list("standbys").stream().map(Value.Obj.class::cast);
        return Stream.concat(Stream.of(site), standbys)
                .map(place -> place.text("host").orElse("") + " "
                        + place.whole("route_port").orElse(0L))
                .collect(Collectors.joining(", "));
    }
}
