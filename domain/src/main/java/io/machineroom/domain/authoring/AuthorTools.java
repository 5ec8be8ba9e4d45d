package io.machineroom.domain.authoring;

import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.machine.Workbench;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.Scratch;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads, rehearses and runs machines for those who write them, without a node and without a backplane. */
public final class AuthorTools {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final String MANIFEST = "machine.yaml";
    private static final String SCRIPT = "machine.test.yaml";

    private final AuthorPorts ports;
    /** Kinds of watchers without those that deploy, which a rehearsal adds itself. */
    private final WatcherCatalog rehearsed;

    private final WatcherCatalog catalog;

    /**
     * The tools.
     *
     * @param catalog kinds of watchers of the build, without {@code plugins} and {@code machines}
     */
    public AuthorTools(AuthorPorts ports, WatcherCatalog catalog) {
        this.ports = ports;
        this.rehearsed = catalog;
        this.catalog = catalog.and(List.of(PluginsWatcher.unattached(), PluginsWatcher.olderUnattached()));
    }

    /**
     * Reads machines. A directory without a manifest whose folders have some stands for all of those.
     *
     * @param places absolute paths of directories or of manifests, with what to call them in findings
     */
    public List<Sheet> sheets(Map<String, Path> places) {
        List<Sheet> out = new ArrayList<>();
        places.forEach((label, given) -> {
            boolean manifest = String.valueOf(given.getFileName()).equals(MANIFEST);
            Path parent = given.getParent();
            Path directory = manifest && parent != null ? parent : given;
            String name = manifest ? label : label + "/" + MANIFEST;
            if (there(directory.resolve(MANIFEST))) {
                out.add(sheet(directory, name));
                return;
            }
            List<String> below = there(directory)
                    ? ports.trees().at(directory).list("").stream()
                            .filter(child -> there(directory.resolve(child).resolve(MANIFEST)))
                            .toList()
                    : List.of();
            below.forEach(child -> out.add(sheet(directory.resolve(child), label + "/" + child + "/" + MANIFEST)));
            if (below.isEmpty()) {
                out.add(sheet(directory, name));
            }
        });
        return out;
    }

    private boolean there(Path path) {
        return ports.files().info(path).isPresent();
    }

    private Sheet sheet(Path directory, String file) {
        YamlFormat.Document document = new YamlFormat.Document(Value.nil(), Map.of());
        Reading reading;
        try {
            Optional<byte[]> content = ports.files().read(directory.resolve(MANIFEST), MOST_BYTES);
            if (content.isEmpty()) {
                reading = Unreadable.missing("cannot read " + file);
            } else {
                document = ports.yaml().read(content.get());
                reading = new DefinitionReader(catalog).read(document);
            }
        } catch (PortException.Refused e) {
            reading = Unreadable.document(e);
        }
        return new Sheet(file, directory, document, reading, name -> there(directory.resolve(name)));
    }

    /**
     * Rehearses machines by the script beside the first of them, {@code machine.test.yaml}.
     *
     * @param sheets without faults, at least one
     * @param least how long the rehearsal lasts at least, in virtual time
     * @throws PortException.Refused {@code machine.test-file} when there is no script or it has faults
     */
    public TestReport rehearse(List<Sheet> sheets, Duration least) throws InterruptedException {
        Path file = sheets.getFirst().directory().resolve(SCRIPT);
        byte[] content = ports.files()
                .read(file, MOST_BYTES)
                .orElseThrow(() -> new PortException.Refused(
                        "machine.test-file", "there is no " + file + "; it says what commands do and what to expect"));
        TestScript script = TestScriptReader.read(ports.yaml().read(content), ports.json());
        VirtualTime world = ports.worlds().begin(script.start(), script.seed());
        RehearsedFiles files =
                new RehearsedFiles(ports, sheets.stream().map(Sheet::directory).toList(), world.time());
        return new Rehearsing(script, world, ports, files).run(sheets, rehearsed, least);
    }

    /**
     * Machines that run here and now, as identity {@code cli}; not started yet.
     *
     * @param sheets without faults, at least one
     * @param given facts, and data of the first machine
     * @param scratch an empty directory for files that commands read
     * @param out takes every event; never blocks
     */
    public Workbench workbench(List<Sheet> sheets, Given given, Path scratch, Consumer<Outgoing> out) {
        FileTree tree = ports.trees().at(scratch);
        Map<Class<?>, Object> granted = new LinkedHashMap<>(ports.granted());
        granted.put(ProcessRunner.class, ports.processes());
        granted.put(JsonFormat.class, ports.json());
        granted.put(Scratch.class, new Scratch(tree, "run"));
        granted.put(ArchiveLimits.class, ArchiveLimits.defaults());
        tree.makeDirectory("run", 0700);
        List<Workbench.Job> jobs = new ArrayList<>();
        for (Sheet sheet : sheets) {
            jobs.add(new Workbench.Job(
                    sheet.definition().orElseThrow(), sheet.directory(), jobs.isEmpty() ? given.data() : Value.obj()));
        }
        Workbench.Bench bench = new Workbench.Bench(
                ports.tasks(),
                ports.time(),
                ports.entropy(),
                ports.json(),
                given::facts,
                name -> new ScriptedBuckets(ports.json()).open(name),
                granted);
        Events events = new Events("cli", Events.COMPONENT_SERVER, "0.0.0", ports.time(), ports.entropy());
        return new Workbench(bench, jobs, events, out, catalog);
    }

    /**
     * Reads a JSON or YAML document.
     *
     * @throws PortException.Refused {@code yaml.invalid}, {@code yaml.too-large}
     */
    public Value document(byte[] content) {
        return ports.yaml().read(content).root();
    }

    /** What machines begin with. */
    public record Given(Value.Obj facts, Value.Obj data) {}
}
