package io.machineroom.domain.machine;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a machine with {@code persist_state: true} knows after a restart: its state and what its watchers found last,
 * in {@code machine_state.json} beside its data. Others know nothing, as in the original. What cannot be read or does
 * not fit the machine any more counts as nothing. Confined to the machine's task.
 */
final class MachineMemory {
    static final String FILE = "machine_state.json";

    private static final System.Logger LOG = System.getLogger(MachineMemory.class.getName());
    private static final int MOST_BYTES = 1024 * 1024;

    private final @Nullable FileTree tree;
    private final String name;
    private final JsonFormat json;
    private String state = "";
    private Value.Obj watchers = Value.obj();

    private MachineMemory(@Nullable FileTree tree, String name, JsonFormat json) {
        this.tree = tree;
        this.name = name;
        this.json = json;
    }

    /** A memory that ends with the machine. */
    static MachineMemory none(JsonFormat json) {
        return new MachineMemory(null, "", json);
    }

    /** A memory on disk, read now. */
    static MachineMemory in(FileTree tree, String folder, JsonFormat json, Set<String> states) {
        MachineMemory memory = new MachineMemory(tree, folder + "/" + FILE, json);
        memory.load(tree, states);
        return memory;
    }

    private void load(FileTree from, Set<String> states) {
        try {
            Optional<byte[]> content = from.read(name, MOST_BYTES);
            if (content.isPresent() && json.read(content.get(), MOST_BYTES) instanceof Value.Obj read) {
                state = read.text("state").filter(states::contains).orElse("");
                watchers = state.isEmpty() ? Value.obj() : read.obj("watchers").orElse(Value.obj());
            }
        } catch (PortException e) {
            LOG.log(Level.WARNING, () -> from.path(name) + " is not used: " + e.getMessage());
        }
    }

    /** The state it was in; empty when nothing is known. */
    Optional<String> state() {
        return state.isEmpty() ? Optional.empty() : Optional.of(state);
    }

    /** What the watchers found last, by name: outcome, reason and their own fields. */
    Value.Obj watchers() {
        return watchers;
    }

    void moved(String to) {
        state = to;
        save();
    }

    /** Notes what a watcher found; on disk only when the outcome is another than before, since the rest is times. */
    void found(String watcher, Value.Obj what) {
        Optional<String> before = watchers.obj(watcher).flatMap(w -> w.text("outcome"));
        watchers = watchers.with(watcher, what);
        if (!before.equals(what.text("outcome"))) {
            save();
        }
    }

    private void save() {
        if (tree == null || state.isEmpty()) {
            return;
        }
        try {
            tree.replace(name, json.write(Value.obj("state", Value.text(state), "watchers", watchers)), 0600);
        } catch (PortException e) {
            LOG.log(Level.WARNING, () -> "the state of the machine is not kept: " + e.getMessage());
        }
    }
}
