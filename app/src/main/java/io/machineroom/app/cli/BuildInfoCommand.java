package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.graph.GraphFactory;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.watcher.WatcherType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
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

    /** Jars of the class path and those that their manifests name. */
    private static List<String> libraries() {
        Set<String> out = new TreeSet<>();
        for (String path : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            if (path.endsWith(".jar")) {
                out.add(path.substring(path.lastIndexOf('/') + 1));
                named(path).forEach(name -> out.add(name.substring(name.lastIndexOf('/') + 1)));
            }
        }
        return List.copyOf(out);
    }

    private static List<String> named(String path) {
        try (JarFile jar = new JarFile(path)) {
            Manifest manifest = jar.getManifest();
            String names =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return names == null ? List.of() : List.of(names.split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }
}
