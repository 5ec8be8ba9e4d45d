package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what this build is made of, as JSON. */
@Command(
        name = "buildinfo",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Shows what this build is made of.")
final class BuildInfoCommand implements Callable<Integer> {
    private final AgentOptions options;
    private final GraphFactory graph;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    BuildInfoCommand(AgentOptions options, GraphFactory graph) {
        this.options = options;
        this.graph = graph;
    }

    @Override
    public Integer call() {
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("name", Value.text(options.name()));
        out.put("version", Value.text(options.version()));
        out.put("contact", Value.text(options.contact()));
        out.put("java", Value.text(System.getProperty("java.vm.name") + " " + System.getProperty("java.version")));
        options.issuer().ifPresent(k -> out.put("issuer", Value.text(k.hexText())));
        options.signingKey().ifPresent(k -> out.put("machine_signing_key", Value.text(k.hexText())));
        List<String> spools = ServiceLoader.load(SpoolProvider.class).stream()
                .map(p -> p.get().name())
                .sorted()
                .toList();
        List<String> watchers =
                options.watchers().stream().map(WatcherType::name).sorted().toList();
        out.put("providers", Value.obj("spool", Value.texts(spools), "vendor_watchers", Value.texts(watchers)));
        out.put("libraries", Value.texts(libraries()));
        spec.commandLine().getOut().print(new String(json().pretty(Value.obj(out)), StandardCharsets.UTF_8));
        spec.commandLine().getOut().flush();
        return ExitCodes.OK;
    }

    private JsonFormat json() {
        Path nowhere = Path.of("agent.cfg").toAbsolutePath();
        return graph.create(options, new ConfigSource(new ConfigLoader(options.defaults(), Map.of()), nowhere))
                .json();
    }

    private static List<String> libraries() {
        return List.of(System.getProperty("java.class.path", "").split(java.io.File.pathSeparator)).stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .filter(name -> name.endsWith(".jar"))
                .sorted()
                .toList();
    }
}
