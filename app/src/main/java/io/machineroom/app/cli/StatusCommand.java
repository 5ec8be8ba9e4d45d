package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.AgentGraph;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.Value;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks a running agent how it is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows how the running agent of a configuration is.")
final class StatusCommand implements Callable<Integer> {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "Print all of it as JSON.")
    private boolean json;

    @Option(names = "--check", description = "Judge the status file instead; exit code 65 when something is wrong.")
    private boolean check;

    @Mixin
    private StatusLimits limits = new StatusLimits();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StatusCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Override
    public Integer call() throws InterruptedException {
        ConfigSource source = config.source(options);
        AgentGraph agent = graph.create(options, source);
        PrintWriter out = spec.commandLine().getOut();
        if (check) {
            int exit = limits.check(source.base(), agent.json(), out);
            out.flush();
            return exit;
        }
        agent.control()
                .call(
                        source.base().controlSocket(),
                        Value.obj("command", Value.text("status")),
                        status -> print(agent, status, out));
        out.flush();
        return ExitCodes.OK;
    }

    private void print(AgentGraph agent, Value.Obj status, PrintWriter out) {
        if (json) {
            out.print(new String(agent.json().pretty(status), StandardCharsets.UTF_8));
            return;
        }
        Value.Obj room = status.obj("machine_room").orElse(Value.obj());
        Value.Obj link = room.obj("link").orElse(Value.obj());
        Value.Obj spool = room.obj("spool").orElse(Value.obj());
        Value.Obj enrolment = room.obj("enrolment").orElse(Value.obj());
        out.printf("node      %s%n", status.text("identity").orElse(""));
        out.printf(
                "mode      %s, up %d s%n",
                room.text("mode").orElse(""), status.whole("uptime").orElse(0L));
        out.printf(
                "link      %s %s%n",
                link.text("way").orElse("none"), link.text("server").orElse(""));
        reason(out, "link", link);
        reason(out, "enrolment", enrolment);
        room.obj("leads").ifPresent(site -> SiteText.print(out, site));
        out.printf(
                "spool     %d events waiting, %d bytes%n",
                spool.whole("records").orElse(0L), spool.whole("bytes").orElse(0L));
        for (Value item : room.list("machines")) {
            if (item instanceof Value.Obj m) {
                String error = m.text("load_error").orElse("");
                out.printf(
                        "machine   %s %s %s%n",
                        MachineText.names(m),
                        m.text("version").orElse(""),
                        error.isEmpty() ? m.text("state").orElse("") : "does not run: " + error);
            }
        }
    }

    private static void reason(PrintWriter out, String what, Value.Obj block) {
        String code = block.text("last_code").orElse("");
        if (!code.isEmpty()) {
            out.printf(
                    "          %s: %s: %s%n",
                    what, code, block.text("last_reason").orElse(""));
        }
    }
}
