package io.machineroom.ports.sim;

import io.machineroom.ports.host.FileTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Every change of a simulated disk, one by one, and which of them were synced: what {@link SimMoment} makes disks after a
 * power cut from. A name is safe when its directory was synced, bytes when their file was; a rename is one change, and
 * safe when either of its two directories was, as with every journal. Bytes get lost by the sector.
 */
final class SimHistory {
    static final int SECTOR = 512;
    static final int ROOT = 0;

    private final List<Change> changes = new ArrayList<>();
    private final BitSet safe = new BitSet();
    private final IdentityHashMap<SimInode, Integer> ids = new IdentityHashMap<>();

    /** One change; of all but {@link Made} a power cut may keep it or not. */
    sealed interface Change {}

    /** An inode that has no name yet: nothing that anybody could see. */
    record Made(int node, FileTree.Kind kind, String target, int mode) implements Change {}

    record Named(int directory, String name, int node) implements Change {}

    record Unnamed(int directory, String name) implements Change {}

    record Moved(int from, String name, int to, String newName, int node) implements Change {}

    /** The length alone: kept without the bytes it shows zeros. */
    record Length(int node, int bytes) implements Change {}

    record Written(int node, int at, byte[] bytes) implements Change {
        @Override
        public String toString() {
            return "Written[node=" + node + ", at=" + at + ", " + bytes.length + " bytes]";
        }
    }

    /** Begins with a disk as it is, all of it safe. */
    SimHistory(SimInode root) {
        ids.put(root, ROOT);
        take(root);
        safe.set(0, changes.size());
    }

    private void take(SimInode node) {
        bytes(node, 0, node.content());
        node.entries().forEach((name, entry) -> {
            named(node, name, entry);
            take(entry);
        });
    }

    private int id(SimInode node) {
        Integer known = ids.get(node);
        if (known == null) {
            known = ids.size();
            ids.put(node, known);
            safe.set(changes.size());
            changes.add(new Made(known, node.kind(), node.target(), node.info().mode()));
        }
        return known;
    }

    void named(SimInode directory, String name, SimInode node) {
        int made = id(node);
        changes.add(new Named(id(directory), name, made));
    }

    void unnamed(SimInode directory, String name) {
        changes.add(new Unnamed(id(directory), name));
    }

    void moved(SimInode from, String name, SimInode to, String newName, SimInode node) {
        changes.add(new Moved(id(from), name, id(to), newName, id(node)));
    }

    /** The content of a file became another one, as by a program that opens it empty and writes. */
    void rewritten(SimInode node, int before, byte[] bytes) {
        if (before > 0) {
            changes.add(new Length(id(node), 0));
        }
        bytes(node, 0, bytes);
    }

    /** A file got longer by these bytes. */
    void appended(SimInode node, int at, byte[] bytes) {
        bytes(node, at, bytes);
    }

    private void bytes(SimInode node, int at, byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            int length = Math.min(bytes.length - done, SECTOR - (at + done) % SECTOR);
            changes.add(new Written(id(node), at + done, Arrays.copyOfRange(bytes, done, done + length)));
            done += length;
        }
        if (bytes.length > 0) {
            changes.add(new Length(id(node), at + bytes.length));
        }
    }

    /** A file or directory was synced: its bytes, or the names in it. */
    void synced(SimInode node) {
        int id = id(node);
        for (int i = safe.nextClearBit(0); i < changes.size(); i = safe.nextClearBit(i + 1)) {
            boolean reached = switch (changes.get(i)) {
                case Made made -> true;
                case Named named -> named.directory() == id;
                case Unnamed unnamed -> unnamed.directory() == id;
                case Moved moved -> moved.from() == id || moved.to() == id;
                case Length length -> length.node() == id;
                case Written written -> written.node() == id;
            };
            safe.set(i, reached);
        }
    }

    /** How it stands now. */
    SimMoment moment() {
        return new SimMoment(changes, changes.size(), (BitSet) safe.clone());
    }
}
