package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.security.Signatures;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Versions of plugins side by side, {@code versions/<name>/<digest>/}, behind one pointer file a plugin,
 * {@code <name>.current}. The digest is that of the version's {@code SHA256SUMS}. A pointer is replaced as a whole, so
 * a crash leaves the old version or the new one. Reading is safe from any task; one task writes the pointers of one
 * owner.
 */
public final class PluginStore {
    private static final System.Logger LOG = System.getLogger(PluginStore.class.getName());
    private static final String POINTER = ".current";
    private static final String MANIFEST = "machine.yaml";
    private static final int MAX_POINTER = 64 * 1024;
    private static final int MAX_MANIFEST = 1024 * 1024;

    private final FileTree tree;
    private final JsonFormat json;
    private final Signatures signatures;

    /**
     * A store.
     *
     * @param tree root of everything that deployment keeps
     */
    public PluginStore(FileTree tree, JsonFormat json, Signatures signatures) {
        this.tree = tree;
        this.json = json;
        this.signatures = signatures;
    }

    /**
     * A version that a pointer points at.
     *
     * @param name plugin
     * @param digest digest of its sums
     * @param directory where its files are
     * @param dataFolder where its data are kept, in the tree, outside of what upgrades replace
     */
    public record Version(String name, String digest, Path directory, String dataFolder) {}

    public FileTree tree() {
        return tree;
    }

    /** All pointers by plugin name; damaged ones are left out. */
    public SortedMap<String, PluginPointer> pointers() {
        SortedMap<String, PluginPointer> out = new TreeMap<>();
        for (String file : tree.list("")) {
            if (file.endsWith(POINTER)) {
                String name = file.substring(0, file.length() - POINTER.length());
                pointer(name).ifPresent(pointer -> out.put(name, pointer));
            }
        }
        return out;
    }

    /** The pointer of a plugin; empty when there is none, or a damaged one. */
    public Optional<PluginPointer> pointer(String name) {
        Optional<byte[]> content = tree.read(name + POINTER, MAX_POINTER);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (json.read(content.get()) instanceof Value.Obj fields) {
                return PluginPointer.of(name, fields);
            }
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.WARNING, () -> "the pointer of " + name + " is damaged: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** The versions that should run, by plugin name. */
    public List<Version> current() {
        return pointers().values().stream()
                .filter(pointer -> !pointer.current().isEmpty())
                .map(pointer -> new Version(
                        pointer.name(),
                        pointer.current(),
                        tree.path(folder(pointer.name(), pointer.current())),
                        dataFolder(pointer.name())))
                .toList();
    }

    /**
     * The manifest of a version, checked against its sums and those against its digest.
     *
     * @throws PortException.Refused {@code plugin.damaged}, {@code plugin.no-machine}
     */
    public byte[] manifest(Version version) {
        String folder = folder(version.name(), version.digest());
        String sum = sums(folder, version.digest()).sums().get(MANIFEST);
        if (sum == null) {
            throw new PortException.Refused("plugin.no-machine", version.name() + " has no " + MANIFEST);
        }
        byte[] content = tree.read(folder + "/" + MANIFEST, MAX_MANIFEST).orElse(new byte[0]);
        if (!signatures.sha256(content).equals(sum)) {
            throw new PortException.Refused("plugin.damaged", MANIFEST + " of " + version.name() + " was changed");
        }
        return content;
    }

    /** How a version differs from its sums. */
    public ChecksumManifest.Difference difference(String name, String digest) {
        return compare(folder(name, digest), digest);
    }

    /**
     * How a folder differs from the sums in it.
     *
     * @throws PortException.Refused {@code plugin.damaged} when its sums have another digest
     */
    ChecksumManifest.Difference compare(String folder, String digest) {
        ChecksumManifest sums = sums(folder, digest);
        Map<String, String> actual = new LinkedHashMap<>();
        for (String file : tree.walk(folder)) {
            String name = folder + "/" + file;
            boolean plain = tree.info(name)
                    .filter(info -> info.kind() == FileTree.Kind.FILE)
                    .isPresent();
            actual.put(file, plain ? signatures.sha256(tree.path(name)) : "not a file");
        }
        return sums.compare(actual);
    }

    private ChecksumManifest sums(String folder, String digest) {
        byte[] content = tree.read(folder + "/" + ChecksumManifest.FILE, ChecksumManifest.MAX_BYTES)
                .orElse(new byte[0]);
        String got = signatures.sha256(content);
        if (!got.equals(digest)) {
            throw new PortException.Refused(
                    "plugin.damaged",
                    "checksum file SHA256SUMS has an invalid checksum \"" + got + "\" != \"" + digest + "\"");
        }
        return ChecksumManifest.parse(content);
    }

    static String folder(String name, String digest) {
        return "versions/" + name + "/" + digest;
    }

    static String dataFolder(String name) {
        return "data/" + name;
    }

    /** Saves a pointer, whole and synced. */
    void save(PluginPointer pointer) {
        tree.replace(pointer.name() + POINTER, json.write(pointer.toValue()), 0600);
    }

    /** Removes a plugin's pointer: nothing of it is to run. Its files go with {@link #discard}, its data stay. */
    void remove(String name) {
        tree.delete(name + POINTER);
    }

    /** Deletes the versions of a plugin that has no pointer any more. */
    void discard(String name) {
        tree.delete("versions/" + name);
    }

    /** Makes the folders, durably: what is synced below a folder is lost when the folder's own name is. */
    void prepare() {
        boolean there = true;
        for (String folder : List.of("versions", "lists", "data")) {
            if (tree.info(folder).isEmpty()) {
                tree.makeDirectory(folder, 0700);
                there = false;
            }
        }
        if (!there) {
            tree.sync("");
        }
    }

    /** Removes versions that no pointer needs, and what an interrupted installation left. */
    void sweep() {
        tree.delete("staging");
        for (String name : tree.list("versions")) {
            Optional<PluginPointer> pointer = pointer(name);
            boolean damaged = pointer.isEmpty() && tree.info(name + POINTER).isPresent();
            for (String digest : damaged ? List.<String>of() : tree.list("versions/" + name)) {
                if (pointer.isEmpty()
                        || !(digest.equals(pointer.get().current())
                                || digest.equals(pointer.get().previous()))) {
                    tree.delete(folder(name, digest));
                }
            }
        }
    }
}
