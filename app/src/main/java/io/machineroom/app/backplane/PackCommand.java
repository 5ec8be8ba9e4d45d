package io.machineroom.app.backplane;

import io.machineroom.domain.backplane.PluginPacker;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ArchiveWriter;
import io.machineroom.ports.host.FileTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Packs a machine's directory. */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Write SHA256SUMS and an archive of a machine; print its entry for the list. Same files, same bytes.")
final class PackCommand implements Callable<Integer> {
    private final Function<StateDirectory, BackplaneGraph> graphs;

    @Parameters(paramLabel = "DIR", description = "Directory with machine.yaml.")
    private Path directory = Path.of(".");

    @Option(names = "--name", description = "Plugin name (default: name of the directory).")
    private @Nullable String name;

    @Option(names = "--out", paramLabel = "FILE", description = "Archive (default: NAME-VERSION.tgz).")
    private @Nullable Path out;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where nodes fetch it; ending in '/': the file's name is added"
                    + " (default: https://localhost:8443/v1/artifacts/).")
    private String url = "https://localhost:8443/v1/artifacts/";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    PackCommand(Function<StateDirectory, BackplaneGraph> graphs) {
        this.graphs = graphs;
    }

    @Override
    public Integer call() {
        Path root = directory.toAbsolutePath().normalize();
        BackplaneGraph graph = graphs.apply(new StateDirectory(root));
        if (graph.hostFiles().info(root.resolve("machine.yaml")).isEmpty()) {
            throw new PortException.Refused("pack.manifest", "there is no machine.yaml in " + root);
        }
        FileTree tree = graph.trees().apply(root);
        Path last = root.getFileName();
        PluginPacker.Plan plan = new PluginPacker(graph.signatures(), graph.yaml())
                .plan(tree, name != null ? name : last == null ? "" : last.toString());
        Path file = (out != null ? out : Path.of(plan.name() + "-" + plan.version() + ".tgz"))
                .toAbsolutePath()
                .normalize();
        graph.archives().write(file, items(plan, tree));
        String source = url.endsWith("/") ? url + file.getFileName() : url;
        Value.Obj entry = Value.obj(
                        "name", Value.text(plan.name()),
                        "source", Value.text(source),
                        "checksum", Value.text(graph.signatures().sha256(file)))
                .with("verify_checksum", Value.text(plan.sumsDigest()));
        var terminal = spec.commandLine().getOut();
        terminal.println(new String(graph.json().write(entry), StandardCharsets.UTF_8));
        terminal.flush();
        return BackplaneExit.OK;
    }

    private static List<ArchiveWriter.Item> items(PluginPacker.Plan plan, FileTree tree) {
        List<ArchiveWriter.Item> items = new ArrayList<>();
        items.add(ArchiveWriter.Item.directory(plan.name(), 0755));
        List<String> made = new ArrayList<>();
        for (String file : plan.files()) {
            for (int slash = file.indexOf('/'); slash > 0; slash = file.indexOf('/', slash + 1)) {
                String parent = file.substring(0, slash);
                if (!made.contains(parent)) {
                    made.add(parent);
                    items.add(ArchiveWriter.Item.directory(plan.name() + "/" + parent, 0755));
                }
            }
            int mode = tree.info(file).map(FileTree.Info::mode).orElse(0644);
            items.add(ArchiveWriter.Item.file(
                    plan.name() + "/" + file, (mode & 0100) != 0 ? 0755 : 0644, tree.path(file)));
        }
        return items;
    }
}
