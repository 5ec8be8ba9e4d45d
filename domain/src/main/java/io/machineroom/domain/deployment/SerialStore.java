package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FileTree;
import java.util.Optional;

/**
 * Keeps the adopted list of each owner, {@code lists/<owner>.json}: saved whole and synced before the first step of an
 * installation. A damaged file is set aside; then the lowest serial of the enrolment counts again. One task uses it.
 */
final class SerialStore {
    private static final System.Logger LOG = System.getLogger(SerialStore.class.getName());
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final FileTree tree;
    private final JsonFormat json;
    private volatile long serial;

    SerialStore(FileTree tree, JsonFormat json) {
        this.tree = tree;
        this.json = json;
    }

    /** The highest serial seen here; 0 for none. Safe from any task. */
    long serial() {
        return serial;
    }

    AdoptedList load(String owner) {
        String name = name(owner);
        Optional<byte[]> content = tree.read(name, MAX_BYTES);
        if (content.isEmpty()) {
            return AdoptedList.none();
        }
        try {
            Optional<AdoptedList> list = AdoptedList.of(json.read(content.get()));
            if (list.isPresent()) {
                serial = Math.max(serial, list.get().serial());
                return list.get();
            }
        } catch (PortException.Refused e) {
            LOG.log(System.Logger.Level.ERROR, () -> tree.path(name) + " is damaged: " + e.getMessage());
        }
        tree.rename(name, name + ".damaged");
        LOG.log(System.Logger.Level.ERROR, () -> "the damaged list is kept as " + tree.path(name) + ".damaged");
        return AdoptedList.none();
    }

    void save(String owner, AdoptedList list) {
        tree.replace(name(owner), json.write(list.toValue()), 0600);
        serial = Math.max(serial, list.serial());
    }

    private static String name(String owner) {
        StringBuilder safe = new StringBuilder();
        owner.chars().forEach(c -> safe.append(Character.isLetterOrDigit(c) || c == '-' || c == '_' ? (char) c : '_'));
        return "lists/" + safe + ".json";
    }
}
