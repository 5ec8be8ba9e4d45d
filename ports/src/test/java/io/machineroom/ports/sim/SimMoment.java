package io.machineroom.ports.sim;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A simulated disk at one moment: what a sync has made safe, and the changes behind it that a power cut may keep or not. */
public final class SimMoment {
    private final List<SimHistory.Change> changes;
    private final int end;
    private final BitSet safe;
    private final int[] pending;

    SimMoment(List<SimHistory.Change> changes, int end, BitSet safe) {
        this.changes = changes;
        this.end = end;
        this.safe = safe;
        BitSet open = new BitSet();
        open.set(0, end);
        open.andNot(safe);
        pending = open.stream().toArray();
    }

    /** How many changes are not safe; numbered from 0 in the order in which they were made. */
    public int pending() {
        return pending.length;
    }

    /** The changes of a subset, for a message. */
    public String describe(BitSet kept) {
        return kept.stream()
                .mapToObj(i -> changes.get(pending[i]).toString())
                .toList()
                .toString();
    }

    /** Another disk, as a power cut at this moment leaves it when of the changes that are not safe it keeps these. */
    public SimDisk cut(TimeSource time, long seed, BitSet kept) {
        BitSet stays = (BitSet) safe.clone();
        kept.stream().forEach(i -> stays.set(pending[i]));
        SimDisk disk = new SimDisk(time, seed);
        Map<Integer, SimInode> nodes = new HashMap<>();
        nodes.put(SimHistory.ROOT, disk.root());
        for (int i = stays.nextSetBit(0); i >= 0 && i < end; i = stays.nextSetBit(i + 1)) {
            replay(changes.get(i), nodes, time);
        }
        disk.root().syncAll();
        return disk;
    }

    private static void replay(SimHistory.Change change, Map<Integer, SimInode> nodes, TimeSource time) {
        switch (change) {
            case SimHistory.Made(int node, FileTree.Kind kind, String target, int mode) ->
                nodes.put(node, new SimInode(kind, target, mode, time.wall()));
            case SimHistory.Named(int directory, String name, int node) ->
                at(nodes, directory).entries().put(name, at(nodes, node));
            case SimHistory.Unnamed(int directory, String name) ->
                at(nodes, directory).entries().remove(name);
            case SimHistory.Moved(int from, String name, int to, String newName, int node) -> {
                at(nodes, from).entries().remove(name, at(nodes, node));
                at(nodes, to).entries().put(newName, at(nodes, node));
            }
            case SimHistory.Length(int node, int bytes) -> {
                SimInode file = at(nodes, node);
                file.write(Arrays.copyOf(file.content(), bytes), time.wall());
            }
            case SimHistory.Written(int node, int start, byte[] bytes) -> {
                SimInode file = at(nodes, node);
                byte[] grown = Arrays.copyOf(file.content(), Math.max(file.content().length, start + bytes.length));
                System.arraycopy(bytes, 0, grown, start, bytes.length);
                file.write(grown, time.wall());
            }
        }
    }

    private static SimInode at(Map<Integer, SimInode> nodes, int id) {
        SimInode node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException("inode " + id + " was never made");
        }
        return node;
    }
}
