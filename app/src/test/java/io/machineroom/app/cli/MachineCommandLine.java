package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.app.wiring.DaggerAgentComponent;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** One of the commands with commands of its own, {@code machine} for one, as somebody types them, with what they say. */
final class MachineCommandLine {
    private static final GraphFactory GRAPH = DaggerAgentComponent.factory()::create;

    private final AgentOptions options = new AgentOptions(
            "agent",
            "1",
            "c",
            "h",
            Optional.empty(),
            Optional.empty(),
            Value::obj,
            List.of(),
            FactSource.OptOuts.none(),
            _ -> {},
            Map.of());
    private final String command;
    private String out = "";
    private String err = "";

    MachineCommandLine() {
        this("machine");
    }

    MachineCommandLine(String command) {
        this.command = command;
    }

    int run(String... arguments) {
        StringWriter said = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine line = new CommandLines(options, List.of(), GRAPH).commandLine();
        line.setOut(new PrintWriter(said));
        line.setErr(new PrintWriter(complained));
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(Arrays.asList(arguments));
        int exit = line.execute(all.toArray(new String[0]));
        out = said.toString();
        err = complained.toString();
        return exit;
    }

    String out() {
        return out;
    }

    String err() {
        return err;
    }
}
