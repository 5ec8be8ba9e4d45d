package io.machineroom.domain.machine;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The data of one machine, kept as {@code machine_data.json} (spec 3): one JSON object, replaced as a whole, mode
 * 0600. A damaged file is set aside beside it and the data starts empty. Confined to the machine's task.
 */
final class MachineData {
    static final String FILE = "machine_data.json";

    private static final System.Logger LOG = System.getLogger(MachineData.class.getName());

    private final @Nullable FileTree tree;
    private final String folder;
    private final JsonFormat json;
    private Value.Obj values = Value.obj();

    /**
     * Data that is not read yet.
     *
     * @param folder folder in the tree that holds the file
     */
    MachineData(FileTree tree, String folder, JsonFormat json) {
        this.tree = tree;
        this.folder = folder;
        this.json = json;
    }

    private MachineData(JsonFormat json, Value.Obj values) {
        this.tree = null;
        this.folder = "";
        this.json = json;
        this.values = values;
    }

    /** Data that is never written: of machines that are only tried. */
    static MachineData inMemory(JsonFormat json, Value.Obj values) {
        return new MachineData(json, values);
    }

    /** Makes its folder, durably. */
    void prepare() {
        if (tree == null) {
            return;
        }
        int slash = folder.lastIndexOf('/');
        if (tree.info(folder).isEmpty()) {
            tree.makeDirectory(folder, 0700);
            tree.sync(slash < 0 ? "" : folder.substring(0, slash));
        }
    }

    /**
     * Reads the file.
     *
     * @return the name of the file that was set aside; empty when nothing was wrong
     */
    Optional<String> load() {
        if (tree == null) {
            return Optional.empty();
        }
        Optional<byte[]> content;
        try {
            content = tree.read(name(), JsonFormat.DEFAULT_MAX_BYTES);
            if (content.isEmpty()) {
                return Optional.empty();
            }
            if (json.read(content.get()) instanceof Value.Obj read) {
                values = read;
                return Optional.empty();
            }
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.WARNING, () -> "Could not load data file, discarding: " + e.getMessage());
        }
        String aside = name() + ".damaged";
        tree.rename(name(), aside);
        LOG.log(System.Logger.Level.WARNING, () -> "the damaged data is kept as " + tree.path(aside));
        return Optional.of(aside);
    }

    Value.Obj values() {
        return values;
    }

    /**
     * Sets keys and removes others, with one write; none when nothing is different. Memory keeps the change also when
     * writing fails.
     *
     * @throws PortException.Unavailable {@code file.disk}
     * @throws PortException.Refused {@code machine.data-full}
     */
    void change(Value.Obj set, List<String> gone) {
        Map<String, Value> next = new LinkedHashMap<>(values.fields());
        next.putAll(set.fields());
        gone.forEach(next::remove);
        if (!next.equals(values.fields())) {
            values = Value.obj(next);
            save();
        }
    }

    private void save() {
        byte[] content = json.write(values);
        if (content.length > JsonFormat.DEFAULT_MAX_BYTES) {
            throw new PortException.Refused("machine.data-full", "the data of the machine is larger than 16 MiB");
        }
        if (tree != null) {
            tree.replace(name(), content, 0600);
        }
    }

    private String name() {
        return folder + "/" + FILE;
    }
}
