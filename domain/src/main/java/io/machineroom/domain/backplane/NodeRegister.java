package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
    private volatile Book book = Book.EMPTY;

    NodeRegister(FileTree files, JsonFormat json) {
        this.files = files;
        this.json = json;
    }

    /** One published state; never changed after it was made. What follows shares nearly all of it. */
    private record Book(SlicedMap<EnrolledNode> byName, SlicedMap<EnrolledNode> byNkey, SlicedMap<EnrolledNode> byKey) {
        static final Book EMPTY = new Book(SlicedMap.empty(), SlicedMap.empty(), SlicedMap.empty());

        static Book of(Collection<EnrolledNode> nodes) {
            Map<String, EnrolledNode> byName = new HashMap<>();
            Map<String, EnrolledNode> byNkey = new HashMap<>();
            Map<String, EnrolledNode> byKey = new HashMap<>();
            for (EnrolledNode node : nodes) {
                byName.put(node.key(), node);
                byNkey.put(nkey(node), node);
                byKey.put(node.publicKey(), node);
            }
            return new Book(SlicedMap.of(byName), SlicedMap.of(byNkey), SlicedMap.of(byKey));
        }

        private static String nkey(EnrolledNode node) {
            return node.origin().customer() + "/" + node.origin().nodeKey();
        }

        /** The keys that its name had before are nobody's any more. */
        Book with(EnrolledNode node) {
            Book rest = without(node.key());
            return new Book(
                    rest.byName.with(node.key(), node),
                    rest.byNkey.with(nkey(node), node),
                    rest.byKey.with(node.publicKey(), node));
        }

        Book without(String name) {
            return byName.get(name)
                    .map(gone -> new Book(
                            byName.without(name),
                            isHis(byNkey, nkey(gone), name) ? byNkey.without(nkey(gone)) : byNkey,
                            isHis(byKey, gone.publicKey(), name) ? byKey.without(gone.publicKey()) : byKey))
                    .orElse(this);
        }

        private static boolean isHis(SlicedMap<EnrolledNode> map, String key, String name) {
            return map.get(key).filter(node -> node.key().equals(name)).isPresent();
        }
    }

    /**
     * Reads all files; before the desk starts.
     *
     * @throws PortException.Corrupted {@code enrolled.damaged} naming the file
     */
    void load() {
        List<EnrolledNode> all = new ArrayList<>();
        for (String name : files.walk(ROOT)) {
            if (name.endsWith(".json")) {
                all.add(read(ROOT + "/" + name));
            }
        }
        book = Book.of(all);
    }

    /**
     * Reads one node's file, for who has no register that is loaded.
     *
     * @param identity checked already
     * @throws PortException.Corrupted {@code enrolled.damaged} naming the file
     */
    Optional<EnrolledNode> saved(String customer, String identity) {
        String path = path(customer, identity);
        return files.info(path).isPresent() ? Optional.of(read(path)) : Optional.empty();
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
        book = book.with(node);
    }

    /** Forgets a node; false when there was none. */
    boolean remove(String customer, String identity) {
        if (named(customer, identity).isEmpty()) {
            return false;
        }
        files.delete(path(customer, identity));
        book = book.without(EnrolledNode.key(customer, identity));
        return true;
    }

    private static String path(String customer, String identity) {
        return ROOT + "/" + customer + "/" + identity + ".json";
    }

    Optional<EnrolledNode> named(String customer, String identity) {
        return book.byName().get(EnrolledNode.key(customer, identity));
    }

    Optional<EnrolledNode> withNkey(String customer, String nodeKey) {
        return book.byNkey().get(customer + "/" + nodeKey);
    }

    Optional<EnrolledNode> withKey(String publicKey) {
        return book.byKey().get(publicKey);
    }

    /** How many nodes of a site are enrolled. */
    long members(String customer, String site) {
        return all().stream()
                .map(EnrolledNode::origin)
                .filter(node -> node.customer().equals(customer) && node.site().equals(site))
                .count();
    }

    /** All of them at one moment, in no order; made for the asker. */
    Collection<EnrolledNode> all() {
        return book.byName().values();
    }
}
