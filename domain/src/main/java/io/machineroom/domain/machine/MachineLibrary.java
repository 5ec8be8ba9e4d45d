package io.machineroom.domain.machine;

import io.machineroom.domain.deployment.PluginStore;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.Signatures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What should run: built-in machines, what deployment points at, and the operator's own folders in the machine store.
 * Confined to the host's task.
 */
final class MachineLibrary {
    private static final int MAX_MANIFEST = 1024 * 1024;
    private static final String MANIFEST = "machine.yaml";

    private final FileTree store;
    private final PluginStore plugins;
    private final YamlFormat yaml;
    private final Signatures signatures;
    private final List<BuiltIn> builtIns;

    MachineLibrary(
            FileTree store, PluginStore plugins, YamlFormat yaml, Signatures signatures, List<BuiltIn> builtIns) {
        this.store = store;
        this.plugins = plugins;
        this.yaml = yaml;
        this.signatures = signatures;
        this.builtIns = List.copyOf(builtIns);
    }

    /** A machine that comes with the agent. */
    record BuiltIn(String name, Value.Obj manifest) {}

    /** Where a machine comes from. */
    enum Origin {
        BUILT_IN,
        DIRECTORY,
        PLUGIN;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Something that may be run.
     *
     * @param origin where it comes from
     * @param name name of its folder, plugin or built-in
     * @param digest changes whenever it has to be loaded anew
     * @param directory its working directory
     * @param data where its data are kept
     * @param content its manifest
     * @param fault why it cannot be read, with a code; empty when it can
     */
    record Candidate(
            Origin origin,
            String name,
            String digest,
            Path directory,
            DataPlace data,
            Content content,
            Optional<PortException> fault) {
        String key() {
            return origin.word() + ":" + name;
        }

        /** The same without its manifest, for keeping. */
        Candidate light() {
            return new Candidate(origin, name, digest, directory, data, Content.NONE, fault);
        }
    }

    /** A folder in a tree. */
    record DataPlace(FileTree tree, String folder) {}

    /** A manifest, as bytes or already read. */
    record Content(byte[] yaml, Optional<Value.Obj> read) {
        static final Content NONE = new Content(new byte[0], Optional.empty());
    }

    /** All that should run, built-ins first, then plugins, then folders by name. */
    List<Candidate> scan() {
        List<Candidate> out = new ArrayList<>(builtIns());
        Set<String> taken = new LinkedHashSet<>();
        builtIns.forEach(one -> taken.add(one.name()));
        for (PluginStore.Version version : plugins.current()) {
            taken.add(version.name());
            out.add(plugin(version));
        }
        for (String name : store.list("")) {
            boolean skipped = name.equals("tmp") || name.startsWith(".") || name.endsWith("-temp");
            boolean folder = store.info(name)
                    .filter(info -> info.kind() == FileTree.Kind.DIRECTORY)
                    .isPresent();
            if (!skipped && folder && builtIns.stream().noneMatch(b -> b.name().equals(name))) {
                out.add(folder(name, taken.contains(name)));
            }
        }
        return out;
    }

    /** The machines that come with the agent; they need no store that can be listed. */
    List<Candidate> builtIns() {
        return builtIns.stream().map(this::builtIn).toList();
    }

    /** Reads the manifest of a candidate. */
    Reading read(Candidate candidate, DefinitionReader reader) {
        if (candidate.content().read().isPresent()) {
            return reader.read(candidate.content().read().get(), path -> 0);
        }
        try {
            return reader.read(yaml.read(candidate.content().yaml()));
        } catch (PortException.Refused e) {
            return DefinitionReader.Unreadable.document(e);
        }
    }

    private Candidate builtIn(BuiltIn builtIn) {
        Optional<PortException> fault = Optional.empty();
        try {
            store.makeDirectory(builtIn.name(), 0700);
        } catch (PortException e) {
            fault = Optional.of(e);
        }
        return new Candidate(
                Origin.BUILT_IN,
                builtIn.name(),
                "built-in",
                store.path(builtIn.name()),
                new DataPlace(store, builtIn.name()),
                new Content(new byte[0], Optional.of(builtIn.manifest())),
                fault);
    }

    private Candidate plugin(PluginStore.Version version) {
        byte[] content = new byte[0];
        Optional<PortException> fault = Optional.empty();
        try {
            content = plugins.manifest(version);
        } catch (PortException e) {
            fault = Optional.of(e);
        }
        return new Candidate(
                Origin.PLUGIN,
                version.name(),
                version.digest(),
                version.directory(),
                new DataPlace(plugins.tree(), version.dataFolder()),
                new Content(content, Optional.empty()),
                fault);
    }

    private Candidate folder(String name, boolean taken) {
        Optional<byte[]> content = Optional.empty();
        Optional<PortException> fault = Optional.empty();
        try {
            content = store.read(name + "/" + MANIFEST, MAX_MANIFEST);
        } catch (PortException e) {
            fault = Optional.of(e);
        }
        if (taken) {
            fault = Optional.of(new PortException.Refused(
                    "machine.shadowed", "a deployed plugin has the name of the folder " + store.path(name)));
        } else if (content.isEmpty() && fault.isEmpty()) {
            fault = Optional.of(new PortException.Refused(
                    "machine.unreadable", "cannot read " + store.path(name) + "/" + MANIFEST));
        }
        byte[] bytes = content.orElse(new byte[0]);
        return new Candidate(
                Origin.DIRECTORY,
                name,
                signatures.sha256(bytes) + (fault.isPresent() ? "!" : ""),
                store.path(name),
                new DataPlace(store, name),
                new Content(bytes, Optional.empty()),
                fault);
    }
}
