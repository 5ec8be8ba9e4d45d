package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The enrolled nodes, one file each: {@code enrolled/<customer>/<identity>.json}. Changed by the desk only;
 * everybody reads the newest published state.
 */
final class NodeRegister {
    private static final String ROOT = "enrolled";
    private static final int MAX_BYTES = 1 << 20;

    private final FileTree files;
    private final JsonFormat json;
    private volatile Book book = new Book(Map.of(), Map.of(), Map.of());

    NodeRegister(FileTree files, JsonFormat json) {
        this.files = files;
        this.json = json;
    }

    /** One published state; never changed after it was made. */
    private record Book(
            Map<String, EnrolledNode> byName, Map<String, EnrolledNode> byNkey, Map<String, EnrolledNode> byKey) {
        static Book of(Map<String, EnrolledNode> byName) {
            Map<String, EnrolledNode> byNkey = new HashMap<>();
            Map<String, EnrolledNode> byKey = new HashMap<>();
            for (EnrolledNode node : byName.values()) {
                byNkey.put(node.origin().customer() + "/" + node.origin().nodeKey(), node);
                byKey.put(node.publicKey(), node);
            }
            return new Book(byName, byNkey, byKey);
        }
    }

    /**
     * Reads all files; before the desk starts.
     *
     * @throws PortException.Corrupted {@code enrolled.damaged} naming the file
     */
    void load() {
        Map<String, EnrolledNode> all = new HashMap<>();
        for (String name : files.walk(ROOT)) {
            if (name.endsWith(".json")) {
                String path = ROOT + "/" + name;
                EnrolledNode node = read(path);
                all.put(node.key(), node);
            }
        }
        book = Book.of(all);
    }

    private EnrolledNode read(String path) {
        try {
            byte[] bytes = files.read(path, MAX_BYTES).orElseThrow();
            return EnrolledNode.of((Value.Obj) json.read(bytes));
        } catch (PortException.Refused | NoSuchElementException | ClassCastException e) {
            throw new PortException.Corrupted(
                    "enrolled.damaged",
                    path + " cannot be read; restore it, or move it away to enrol that node anew",
                    e);
        }
    }

    /** Saves durably, then publishes. */
    void put(EnrolledNode node) {
        files.replace(path(node.origin().customer(), node.origin().identity()), json.pretty(node.document()), 0600);
        Map<String, EnrolledNode> copy = new HashMap<>(book.byName());
        copy.put(node.key(), node);
        book = Book.of(copy);
    }

    /** Forgets a node; false when there was none. */
    boolean remove(String customer, String identity) {
        Map<String, EnrolledNode> copy = new HashMap<>(book.byName());
        if (copy.remove(EnrolledNode.key(customer, identity)) == null) {
            return false;
        }
        files.delete(path(customer, identity));
        book = Book.of(copy);
        return true;
    }

    private static String path(String customer, String identity) {
        return ROOT + "/" + customer + "/" + identity + ".json";
    }

    Optional<EnrolledNode> named(String customer, String identity) {
        return Optional.ofNullable(book.byName().get(EnrolledNode.key(customer, identity)));
    }

    Optional<EnrolledNode> withNkey(String customer, String nodeKey) {
        return Optional.ofNullable(book.byNkey().get(customer + "/" + nodeKey));
    }

    Optional<EnrolledNode> withKey(String publicKey) {
        return Optional.ofNullable(book.byKey().get(publicKey));
    }

    /** How many nodes of a site are enrolled. */
    long members(String customer, String site) {
        return all().stream()
                .map(EnrolledNode::origin)
                .filter(node -> node.customer().equals(customer) && node.site().equals(site))
                .count();
    }

    Collection<EnrolledNode> all() {
        return book.byName().values();
    }
}
