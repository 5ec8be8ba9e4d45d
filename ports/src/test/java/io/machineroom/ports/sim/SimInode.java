package io.machineroom.ports.sim;

import io.machineroom.ports.host.FileTree;
import java.time.Instant;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file, directory or link of a simulated disk: what programs see, and what a power cut leaves. */
final class SimInode {
    private final FileTree.Kind kind;
    private final String target;
    private final Map<String, SimInode> entries = new TreeMap<>();
    private final Map<String, SimInode> durableEntries = new TreeMap<>();
    private byte[] content = new byte[0];
    private byte @Nullable [] durable;
    private int mode;
    private Instant modified;
    private String user = "root";
    private String group = "root";

    SimInode(FileTree.Kind kind, String target, int mode, Instant now) {
        this.kind = kind;
        this.target = target;
        this.mode = mode & 0777;
        modified = now;
    }

    FileTree.Kind kind() {
        return kind;
    }

    String target() {
        return target;
    }

    Map<String, SimInode> entries() {
        return entries;
    }

    byte[] content() {
        return content;
    }

    void write(byte[] bytes, Instant now) {
        content = bytes;
        modified = now;
    }

    void mode(int bits) {
        mode = bits & 0777;
    }

    void owner(String newUser, String newGroup) {
        user = newUser.isEmpty() ? user : newUser;
        group = newGroup.isEmpty() ? group : newGroup;
    }

    String user() {
        return user;
    }

    String group() {
        return group;
    }

    FileTree.Info info() {
        return new FileTree.Info(kind, content.length, mode, modified);
    }

    long bytes() {
        return content.length
                + entries.values().stream().mapToLong(SimInode::bytes).sum();
    }

    /** All that is in it, for telling two disks apart. */
    String print() {
        StringBuilder out = new StringBuilder();
        out.append(kind).append(' ').append(target).append(content.length).append('-');
        out.append(Arrays.hashCode(content)).append('{');
        entries.forEach((name, entry) -> out.append(name).append('=').append(entry.print()));
        return out.append('}').toString();
    }

    void sync() {
        durable = content.clone();
        durableEntries.clear();
        durableEntries.putAll(entries);
    }

    void syncAll() {
        entries.values().forEach(SimInode::syncAll);
        sync();
    }

    void becomes(SimInode other) {
        IdentityHashMap<SimInode, SimInode> copies = new IdentityHashMap<>();
        SimInode copy = other.copy(copies);
        entries.clear();
        entries.putAll(copy.entries);
        durableEntries.clear();
        durableEntries.putAll(copy.durableEntries);
    }

    private SimInode copy(IdentityHashMap<SimInode, SimInode> copies) {
        SimInode done = copies.get(this);
        if (done != null) {
            return done;
        }
        SimInode out = new SimInode(kind, target, mode, modified);
        copies.put(this, out);
        entries.forEach((name, node) -> out.entries.put(name, node.copy(copies)));
        durableEntries.forEach((name, node) -> out.durableEntries.put(name, node.copy(copies)));
        out.content = content.clone();
        out.durable = durable == null ? null : durable.clone();
        out.user = user;
        out.group = group;
        return out;
    }

    /** The power fails: unsynced names are there or not, unsynced bytes are all, partly or not there. */
    void crash(SplittableRandom luck) {
        if (!entries.equals(durableEntries) && luck.nextBoolean()) {
            entries.clear();
            entries.putAll(durableEntries);
        }
        byte[] safe = durable;
        if (safe == null) {
            content = Arrays.copyOf(content, luck.nextInt(content.length + 1));
        } else if (!Arrays.equals(content, safe) && luck.nextBoolean()) {
            content = safe;
        }
        entries.values().forEach(entry -> entry.crash(luck));
        sync();
    }
}
