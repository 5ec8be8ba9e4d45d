package io.machineroom.app.backplane;

import io.machineroom.domain.event.LifecycleEvent;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows stored events. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show stored events and voids, decoded, in the order of the event log.")
final class EventsCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Mixin
    private final StateOption state = new StateOption();

    @Option(names = "--follow", description = "Wait for more until a signal.")
    private boolean follow;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Option(names = "--customer", paramLabel = "C", defaultValue = "", description = "Only this customer.")
    private String customer = "";

    @Option(names = "--node", paramLabel = "N", defaultValue = "", description = "Only this identity or node key.")
    private String node = "";

    @Option(names = "--since", paramLabel = "INDEX", defaultValue = "0", description = "Begin with this index.")
    private long since;

    @Option(names = "--progress", description = "Tell on the error output how far it is.")
    private boolean progress;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    EventsCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() throws InterruptedException {
        BackplaneGraph graph = state.graph(graphs);
        Value.Obj request = Value.obj("command", Value.text("events"), "customer", Value.text(customer))
                .with("node", Value.text(node))
                .with("since", Value.num(since))
                .with("follow", Value.bool(follow));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        boolean tell = progress;
        StateOption.ask(
                graph,
                request,
                answer -> answer.obj("event")
                        .ifPresentOrElse(
                                event -> out.println(
                                        json
                                                ? new String(graph.json().write(event), StandardCharsets.UTF_8)
                                                : row(event)),
                                () -> {
                                    out.flush();
                                    if (tell) {
                                        err.println("entry "
                                                + answer.whole("progress").orElse(0L) + " of "
                                                + answer.whole("end").orElse(0L));
                                        err.flush();
                                    }
                                }));
        out.flush();
        return BackplaneExit.OK;
    }

    /** One line of the list. Nodes wrote parts of it: what does not print is shown as a question mark. */
    static String row(Value.Obj event) {
        String head = "%8d %-12s %-24s %-6s "
                .formatted(
                        event.whole("index").orElse(0L),
                        event.text("customer").orElse(""),
                        event.text("identity").orElse(""),
                        event.text("lane").orElse(""));
        String rest = event.text("void")
                .map(cause -> "void " + cause + " " + event.whole("from").orElse(0L) + "-"
                        + event.whole("through").orElse(0L))
                .orElseGet(() -> event.whole("number").orElse(0L) + " "
                        + event.text("time").orElse("") + " "
                        + event.text("type").orElse("") + life(event));
        return (head + rest).replaceAll("\\p{Cntrl}", "?");
    }

    /** What a lifecycle event or a transition says, for people. */
    private static String life(Value.Obj event) {
        Value.Obj data = event.obj("data").orElse(Value.obj());
        if (data.text("protocol")
                .filter("io.choria.machine.v1.transition"::equals)
                .isPresent()) {
            return " %s %s transitioned via event %s: %s => %s"
                    .formatted(Stream.of("identity", "machine", "transition", "from_state", "to_state")
                            .map(field -> data.text(field).orElse(""))
                            .toArray());
        }
        try {
            return LifecycleEvent.encoding(data) == LifecycleEvent.Encoding.PLAIN
                    ? " " + LifecycleEvent.parse(data).line()
                    : "";
        } catch (PortException.Refused e) {
            // shown by its type alone, as every other event
            return "";
        }
    }
}
